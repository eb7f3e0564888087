import { expect, it } from 'vitest';
import { unitOfCgroup } from '../../../source/linux/systemd/unit-of.js';
import { parseUnits } from '../../../source/linux/systemd/unit-properties.js';
import { fixtureText } from '../fixture.js';

it.each([
  [
    'version 1, systemd 252',
    '5:memory:/\n9:name=systemd:/system.slice/web.service\n0::/system.slice/web.service\n',
    'web.service',
  ],
  ['version 2', '0::/system.slice/system-getty.slice/getty@tty1.service\n', 'getty@tty1.service'],
  ['a cgroup below the unit', '0::/system.slice/php8.2-fpm.service/pool\n', 'php8.2-fpm.service'],
  [
    'a service of a user',
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/api.service\n',
    'api.service',
  ],
  ['a session', '0::/user.slice/user-1000.slice/session-3.scope\n', undefined],
  ["a user's manager itself", '0::/user.slice/user-1000.slice/user@1000.service/init.scope\n', undefined],
  ['a container, by systemd', '0::/system.slice/docker-0123456789ab.scope\n', undefined],
  [
    'a systemd within a container',
    '9:name=systemd:/docker/0123/system.slice/nginx.service\n0::/\n',
    undefined,
  ],
  ['no systemd', '3:cpuset:/\n0::/\n', undefined],
  ['another cgroup namespace', '0::/../nginx.service\n', undefined],
  ['nothing', '', undefined],
])('the service of a process: %s', (_, text, unit) => {
  expect(unitOfCgroup(text)).toBe(unit);
});

it('reads what systemd 252 says of services that failed, were killed, restart and run', () => {
  const units = new Map(parseUnits(fixtureText('systemctl-show.txt')).map((unit) => [unit.name, unit]));
  expect([...units.keys()]).toEqual([
    'gone.service',
    'bad.service',
    'web.service',
    'loop.service',
    'queue.service',
  ]);
  expect(units.get('bad.service')).toMatchObject({
    active: 'failed',
    result: 'exit-code',
    exitCode: 3,
    signal: null,
  });
  expect(units.get('bad.service')).toMatchObject({
    mainPid: null,
    restartPolicy: 'no',
    endedMs: 16_924_306.173,
  });
  expect(units.get('gone.service')).toMatchObject({
    active: 'failed',
    result: 'signal',
    exitCode: null,
    signal: 9,
  });
  expect(units.get('web.service')).toMatchObject({
    ...{ active: 'active', sub: 'running', exitCode: null, endedMs: null, restarts: 0 },
    command: '/usr/bin/python3 -m http.server 8099 --bind 127.0.0.1',
  });
  expect(units.get('loop.service')).toMatchObject({ restarts: 2, activeMs: 16_929_620.574 });
  expect(units.get('queue.service')).toMatchObject({
    sub: 'auto-restart',
    restarts: 4,
    restartPolicy: 'always',
  });
});

it('leaves out what is no service, or says nothing of one', () => {
  expect(parseUnits('')).toEqual([]);
  expect(parseUnits('Id=a.socket\nActiveState=failed')).toEqual([]);
  expect(parseUnits('Id=a.service\nLoadState=not-found')).toEqual([]);
  expect(parseUnits('Id=a.service\nNRestarts=-7\nMainPID=x\nExecStart={ argv[]=')).toMatchObject([
    { name: 'a.service', restarts: 0, mainPid: null, command: '', endedMs: null },
  ]);
});
