import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Libc, loadLibc } from '../../../source/linux/namespace/libc.js';
import { libcKindOf } from '../../../source/linux/namespace/libc-kind.js';
import { listInside, readInside } from '../../../source/linux/namespace/open-inside.js';
import { type Place, placeOf, whyNoPlaces } from './places.js';

const CHROOT = '$| = 1; chroot $ARGV[0] or die $!; chdir "/"; print "ready\\n"; <STDIN>';

describe.skipIf(whyNoPlaces())('files as a process with a root of its own sees them', () => {
  let outside: string;
  let place: Place;
  let libc: Libc;

  beforeAll(async () => {
    libc = await loadLibc();
    outside = mkdtempSync(join(tmpdir(), 'faultline-root-'));
    const root = join(outside, 'root');
    for (const folder of ['etc', 'run', 'lib', 'etc/folder'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(outside, 'secret'), 'of the host');
    writeFileSync(join(root, 'run/resolv.conf'), 'nameserver 192.0.2.1\n');
    writeFileSync(join(root, 'lib/ld-musl-x86_64.so.1'), '');
    writeFileSync(join(root, 'etc/large'), 'x'.repeat(200_000));
    for (const [link, to] of [
      ['resolv.conf', '/run/resolv.conf'],
      ['escape', join(outside, 'secret')],
      ['climb', '../../../../../../../../../etc/hostname'],
      ['loop', 'loop'],
      ['self', '/proc/self/environ'],
    ] as const)
      symlinkSync(to, join(root, 'etc', link));
    spawnSync('mkfifo', [join(root, 'etc/pipe')]);
    place = await placeOf(spawn('perl', ['-e', CHROOT, root]));
  });
  afterAll(async () => {
    await place?.close();
    rmSync(outside, { recursive: true, force: true });
  });

  it('follows a link as the process would', () => {
    expect(readInside(libc, place.pid, '/etc/resolv.conf')).toBe('nameserver 192.0.2.1\n');
  });

  it.each(['escape', 'climb', 'loop', 'self', 'absent', 'folder', 'pipe'])(
    'gives nothing for /etc/%s, and does not wait',
    (name) => {
      expect(readInside(libc, place.pid, `/etc/${name}`)).toBeUndefined();
    },
  );

  it('reads no more than 64 KiB', () => {
    expect(readInside(libc, place.pid, '/etc/large')).toHaveLength(64 * 1024);
  });

  it('lists a folder of its own', () => {
    expect(listInside(libc, place.pid, '/lib')).toEqual(['ld-musl-x86_64.so.1']);
    expect(listInside(libc, place.pid, '/absent')).toEqual([]);
  });

  it('leaves no descriptor open', () => {
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 100; i++)
      for (const name of ['resolv.conf', 'escape', 'folder', 'absent'])
        readInside(libc, place.pid, `/etc/${name}`);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  it('believes what a process has mapped before the files that lie about', () => {
    expect(libcKindOf(libc, place.pid)).toBe('glibc');
  });
});
