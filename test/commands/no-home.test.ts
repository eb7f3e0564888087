import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const cli = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);
/** A user that no passwd lists, with nothing in the environment: as images are run with `--user 54321`. */
const NOBODY = { uid: 54_321, gid: 54_321, env: { PATH: '/usr/bin:/bin', DOCKER_HOST: '' } };

const run = (words: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [cli, ...words], {
    ...NOBODY,
    env: { ...NOBODY.env, ...env },
    cwd: '/',
    encoding: 'utf8',
  });

/** Only root may be somebody else, and a clone in a home of root's is nobody else's to read. */
const can = process.getuid?.() === 0 && run(['version']).status === 0;

describe.runIf(can)('a user without an entry in passwd and without HOME', () => {
  it.each([
    [['check', '--for', '1s'], [0, 1, 3], /^Faultline check of /],
    [['check', '--for', '1s', '--json'], [0, 1, 3], /"schema"/],
    [['doctor'], [0], /no entry in passwd and HOME is not set/],
    [['probe', 'kernel'], [0], /^Kernel counters/],
    [['scenarios', 'latency'], [0], /Network latency/],
    [['explain', 'CLOSE-WAIT'], [0], /CLOSE-WAIT/],
  ])('%j needs no home', (words, codes, says) => {
    const { status, stdout, stderr } = run(words);
    expect(codes, stderr).toContain(status);
    expect(stdout).toMatch(says);
    expect(stderr).not.toMatch(/uv_os_homedir|SystemError|^\s+at /m);
  });

  it.each([[['run', 'database-down']], [['undo']]])(
    '%j keeps notes, and says which variable names a folder for them',
    (words) => {
      const { status, stdout, stderr } = run(words);
      expect([1, 3]).toContain(status);
      expect(`${stdout}${stderr}`).toContain('FAULTLINE_STATE_DIR');
    },
  );

  it('undo looks where that variable says', () => {
    const folder = join(tmpdir(), `faultline-no-home-${process.pid}`);
    try {
      const { stdout, stderr } = run(['undo'], { FAULTLINE_STATE_DIR: folder });
      expect(`${stdout}${stderr}`).not.toMatch(/cannot create|uv_os_homedir/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
