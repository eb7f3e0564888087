import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CgroupUnits } from '../../../source/linux/systemd/cgroup-units.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-units-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Makes a cgroup as systemd does, and gives its number. */
function cgroup(path: string): number {
  mkdirSync(join(root, path), { recursive: true });
  return statSync(join(root, path)).ino;
}

it.each([
  ['a service', 'system.slice/nginx.service', 'nginx.service'],
  ['a socket, before its service is there', 'system.slice/sock.socket', 'sock.socket'],
  ['a template in a slice of its own', 'workers.slice/worker@9501.service', 'worker@9501.service'],
  [
    'a slice within a slice, with an escaped name',
    'system.slice/system-serial\\x2dgetty.slice/serial-getty@ttyS0.service',
    'serial-getty@ttyS0.service',
  ],
  ['what a service made below itself', 'system.slice/php8.2-fpm.service/pool/www', 'php8.2-fpm.service'],
  ['a service of a user', 'user.slice/user-0.slice/user@0.service/app.slice/api.service', 'api.service'],
  ['a session', 'user.slice/user-0.slice/session-1.scope', undefined],
  ['init itself', 'init.scope', undefined],
  ['a container, by systemd', 'system.slice/docker-0123456789ab.scope', undefined],
  ['a systemd within a container', 'docker/0123/system.slice/nginx.service', undefined],
  ['one of Podman', 'machine.slice/libpod-0123.scope/system.slice/nginx.service', undefined],
])('the unit of a cgroup by its number: %s', (_, path, unit) => {
  const id = cgroup(path);
  const units = new CgroupUnits(root);
  units.refresh(0);
  expect(units.of(id)).toBe(unit);
});

it('looks again for one that it has not seen, not too often, and remembers one that is gone', () => {
  const before = cgroup('system.slice/a.service');
  const units = new CgroupUnits(root);
  units.refresh(0);
  const later = cgroup('system.slice/b.service');
  expect(units.of(later)).toBeUndefined();
  units.refresh(5_000);
  expect(units.of(later)).toBeUndefined();
  rmSync(join(root, 'system.slice/a.service'), { recursive: true });
  units.refresh(10_000);
  expect(units.of(later)).toBe('b.service');
  expect(units.of(before)).toBe('a.service');
});

it('knows nothing where version 2 is not mounted, or of a socket without a number', () => {
  const units = new CgroupUnits('/nowhere');
  units.refresh(0);
  expect(units.of(7)).toBeUndefined();
  expect(units.of(null)).toBeUndefined();
});
