import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listManifests } from '../../../source/engines/embedded/manifest.js';
import { stateFolder } from '../../../source/engines/embedded/state-directory.js';
import { LONGEST_STATE_FILE, readStateFile } from '../../../source/engines/embedded/state-file.js';

const isRoot = process.geteuid?.() === 0;
const OTHER = 12_345;
let above: string;
let state: string;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'faultline-state-'));
  state = join(above, 'state');
  process.env.FAULTLINE_STATE_DIR = state;
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

describe('the state directory', () => {
  it('is made for its owner alone', () => {
    const folder = stateFolder('journal');
    for (const path of [state, folder]) expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['the directory', '.', 0o777],
    ['its group', '.', 0o770],
    ['a folder in it', 'journal', 0o707],
  ])('is not used when others may write to it: %s', (_name, path, mode) => {
    stateFolder('journal');
    chmodSync(join(state, path), mode);
    const text = `${join(state, path)} (owner ${process.geteuid?.()}, mode 0${mode.toString(8)}) may be written by others`;
    expect(() => stateFolder('journal')).toThrow(text);
    expect(() => stateFolder('journal')).toThrow(/chmod go-w .* or set FAULTLINE_STATE_DIR/);
    expect(() => stateFolder('journal')).not.toThrow('\n');
  });

  it('is not left by a link in it', () => {
    stateFolder('');
    mkdirSync(join(above, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(above, 'elsewhere'), join(state, 'journal'));
    expect(() => stateFolder('journal')).toThrow('is no folder');
  });

  it("may itself be a link of one's own", () => {
    mkdirSync(join(above, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(above, 'elsewhere'), state);
    expect(stateFolder('journal')).toBe(join(state, 'journal'));
  });

  it.runIf(isRoot)("that is another user's is refused, with its owner and what to do", () => {
    stateFolder('journal');
    chownSync(join(state, 'journal'), OTHER, OTHER);
    expect(() => stateFolder('journal')).toThrow(
      `${join(state, 'journal')} (owner ${OTHER}, mode 0700) is not this user's (0): nothing in it is used. Look at it, then chown -R 0`,
    );
    chownSync(state, OTHER, OTHER);
    expect(() => stateFolder('journal')).toThrow(`${state} (owner ${OTHER}`);
  });

  it.runIf(isRoot)("is not made in another user's home, which sudo -E would have it do", () => {
    chownSync(above, OTHER, OTHER);
    expect(() => stateFolder('journal')).toThrow(`belongs to another user (${OTHER}) than this one (0)`);
  });
});

describe('a file of the state directory', () => {
  const file = (): string => join(stateFolder('journal'), 'x.json');

  it('is read as it stands', () => {
    writeFileSync(file(), 'grüße', { mode: 0o600 });
    expect(readStateFile(file())).toBe('grüße');
    expect(() => readStateFile(`${file()}.none`)).toThrow('ENOENT');
  });

  it('that others may write to is not read', () => {
    writeFileSync(file(), '{}');
    chmodSync(file(), 0o666);
    expect(() => readStateFile(file())).toThrow('mode 0666) may be written by others');
  });

  it.runIf(isRoot)("that is another user's is not read", () => {
    writeFileSync(file(), '{}', { mode: 0o600 });
    chownSync(file(), OTHER, OTHER);
    expect(() => readStateFile(file())).toThrow(`(owner ${OTHER}, mode 0600) is not this user's (0)`);
  });

  it('that is a link, a FIFO, a folder or endless is not read, and not waited for', () => {
    writeFileSync(join(above, 'secret'), '{}', { mode: 0o600 });
    symlinkSync(join(above, 'secret'), file());
    expect(() => readStateFile(file())).toThrow('is a symbolic link: it is not followed');
    rmSync(file());
    execFileSync('mkfifo', ['-m', '600', file()]);
    expect(() => readStateFile(file())).toThrow('is no regular file');
    rmSync(file());
    mkdirSync(file());
    expect(() => readStateFile(file())).toThrow('is no regular file');
    rmSync(file(), { recursive: true });
    writeFileSync(file(), '', { mode: 0o600 });
    truncateSync(file(), LONGEST_STATE_FILE + 1);
    expect(() => readStateFile(file())).toThrow(`is longer than ${LONGEST_STATE_FILE} bytes`);
  });
});

describe('a manifest', () => {
  const sound = {
    id: 'a1',
    owner: { pid: 7, startTime: '1@boot' },
    tempDir: '/tmp/faultline-lab-a1',
    processes: [{ pid: 8, startTime: '2@boot', name: 'postgres', stopSignal: 'SIGINT' }],
  };
  const write = (manifest: object, name = 'a1'): void =>
    writeFileSync(join(stateFolder('labs'), `${name}.json`), JSON.stringify(manifest), { mode: 0o600 });

  it('is listed', () => {
    write(sound);
    expect(listManifests()).toMatchObject({ manifests: [{ manifest: sound }], refused: [] });
  });

  it.each([
    ['another lab than its name says', sound, 'b2'],
    ['a directory of another name', { ...sound, tempDir: '/etc' }, 'a1'],
    ['a way out of its directory', { ...sound, tempDir: '/tmp/faultline-lab-a1/../faultline-lab-a1' }, 'a1'],
    ['a directory that is relative', { ...sound, tempDir: 'faultline-lab-a1' }, 'a1'],
    ['an id that is a path', { ...sound, id: '../a1', tempDir: '/tmp/faultline-lab-../a1' }, 'a1'],
    ['no pid', { ...sound, processes: [{ ...sound.processes[0], pid: -1 }] }, 'a1'],
    [
      'a signal that ends nothing',
      { ...sound, processes: [{ ...sound.processes[0], stopSignal: 'SIGSTOP' }] },
      'a1',
    ],
    ['nothing', {}, 'a1'],
  ])('with %s is refused and named', (_what, manifest, name) => {
    write(manifest, name);
    const { manifests, refused } = listManifests();
    expect(manifests).toEqual([]);
    expect(refused).toEqual([
      { path: join(state, 'labs', `${name}.json`), why: expect.stringContaining('is no manifest') },
    ]);
  });
});
