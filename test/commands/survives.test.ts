import { describe, expect, it } from 'vitest';
import { startProgram } from '../helpers/program.js';

const crashing = (way: string, ms = 400): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL('../console/crash.mjs', import.meta.url).href}`,
  FAULTLINE_TEST_CRASH: way,
  FAULTLINE_TEST_CRASH_MS: String(ms),
  DOCKER_HOST: 'unix:///nonexistent.sock',
});

interface Unread {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

describe('what nothing caught', () => {
  it.each([
    ['stray', 'thrown by the test'],
    ['rejection', 'rejected by the test'],
  ])('%s: is a source of the report of check, which is printed', async (way, text) => {
    const argv = ['check', '--for', '2s', '--json'];
    const { code, out, err } = await startProgram(argv, { env: crashing(way) }).ended;
    const report = JSON.parse(out) as {
      readonly unread: readonly Unread[];
      readonly findings: readonly { readonly severity: string }[];
    };
    expect(report.unread).toContainEqual(
      expect.objectContaining({
        id: 'escaped:the program ESTRAY',
        title: 'the program: error',
        reason: text,
      }),
    );
    expect(err).toBe(`faultline: went on after an error in the program: ${text}\n`);
    // Without it the code is the same: nothing was found, or the Docker that was named does not answer.
    expect(code).toBe(report.findings.some(({ severity }) => severity !== 'notice') ? 1 : 3);
  });

  it('stands among what could not be read in the text of check', async () => {
    const { out } = await startProgram(['check', '--for', '2s'], { env: crashing('stray') }).ended;
    expect(out).toMatch(/Could not be read\n(.*\n)*? {2}the program: error +thrown by the test/);
  });

  it('costs a probe neither its sample nor its code', async () => {
    const { code, out, err } = await startProgram(['probe', 'kernel'], { env: crashing('stray', 0) }).ended;
    expect(out).toContain('TcpExt');
    expect(err).not.toContain('    at ');
    expect(code).toBe(0);
  });

  it.each(['memory', 'storm'])('ends in one line and 1 where it cannot be survived: %s', async (way) => {
    const argv = ['check', '--for', '200s'];
    const { code, out, err, ms } = await startProgram(argv, { env: crashing(way) }).ended;
    expect(err).toMatch(/^faultline: cannot go on after an error in the program: thrown by the test.*\n$/);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    // Long before its time.
    expect(ms).toBeLessThan(100_000);
  });
});

describe('standard output that cannot be written', () => {
  it.each([['--version'], ['check', '--for', '1s'], ['doctor'], ['scenarios']])(
    'ends %s %s %s in one line and 3',
    async (...argv) => {
      const env = { DOCKER_HOST: 'unix:///nonexistent.sock' };
      const { code, err } = await startProgram(argv, { env, stdout: '/dev/full' }).ended;
      expect(err).toBe('faultline: standard output cannot be written (ENOSPC)\n');
      expect(code).toBe(3);
    },
  );
});
