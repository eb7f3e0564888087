import { expect, it } from 'vitest';
import { execLine } from '../../../source/linux/systemd/exec-line.js';
import { journalEntry } from '../../../source/linux/systemd/journal-entry.js';
import { unitOfCgroup } from '../../../source/linux/systemd/unit-of.js';
import { parseSockets, parseUnits } from '../../../source/linux/systemd/unit-properties.js';
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
  [
    'version 2 below a slice of its own, as a booted Debian 12 has it',
    '0::/workers.slice/worker@9501.service\n',
    'worker@9501.service',
  ],
  ['hybrid', '1:name=systemd:/system.slice/nginx.service\n0::/system.slice/nginx.service\n', 'nginx.service'],
  ['a socket', '0::/system.slice/sock.socket\n', 'sock.socket'],
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

it('reads a service that a socket starts, and the socket that was given up with it', () => {
  const text = fixtureText('systemctl-show-252.txt');
  const sockets = parseSockets(text);
  expect(sockets.filter(({ active }) => active === 'failed')).toEqual([
    {
      ...{ name: 'sock.socket', active: 'failed', sub: 'failed', result: 'service-start-limit-hit' },
      ...{ ports: [9050], triggers: 'sock.service', endedMs: 923_400.562 },
    },
  ]);
  // Paths, and what is no stream, are no ports.
  expect(sockets.flatMap(({ name, ports }) => ports.map((port) => [name, port]))).toEqual([
    ['sockok.socket', 9055],
    ['sock.socket', 9050],
  ]);
  const units = new Map(parseUnits(text).map((unit) => [unit.name, unit]));
  expect(units.get('sock.service')).toMatchObject({ triggeredBy: ['sock.socket'], exitCode: 2 });
  expect(units.get('oom.service')).toMatchObject({ result: 'oom-kill', memoryMax: 41_943_040 });
  expect(units.get('crash.service')).toMatchObject({ memoryMax: null, enabled: false });
  expect(units.get('nginx.service')).toMatchObject({ enabled: true, beganMs: 1_551_605.881 });
});

it('tells when the last run began, also of one that was refused its next start', () => {
  const units = new Map(parseUnits(fixtureText('systemctl-show-252.txt')).map((unit) => [unit.name, unit]));
  // Its last words came at 907873 ms.
  expect(units.get('startlimit.service')?.beganMs).toBeLessThan(907_873);
  expect(units.get('loop.service')).toMatchObject({
    sub: 'auto-restart',
    restarts: 3,
    beganMs: 1_554_257.891,
  });
});

it('reads what failed before the main process was there', () => {
  const [precheck, crash, untested, unbound] = parseUnits(fixtureText('systemctl-show-not-started.txt'));
  expect(precheck).toMatchObject({
    failedBefore: { command: '/bin/sh -c echo "config test failed: line 7" >&2; exit 5', exitCode: 5 },
    command: '/usr/bin/python3 -u /opt/app.py 127.0.0.1 9070',
    exitCode: null,
  });
  expect(crash).toMatchObject({ failedBefore: null, requiredBy: ['needs.service'], exitCode: 3 });
  expect(untested?.failedBefore).toMatchObject({
    command: '/usr/sbin/nginx -t -q -g daemon on; master_process on;',
    exitCode: 1,
  });
  // It forks: it never had a main process, and its command's own end is all there is.
  expect(unbound).toMatchObject({ failedBefore: null, exitCode: 1, signal: null });
});

it.each([
  ['', { command: '', exitCode: null, signal: null, failed: false }],
  ['{ path=/a ; argv[]=/a', { command: '', failed: false }],
  [
    '{ path=/a ; argv[]=/a ; ignore_errors=yes ; start_time=[x] ; stop_time=[x] ; pid=1 ; code=exited ; status=1 }',
    { command: '/a', exitCode: 1, failed: false },
  ],
  [
    '{ path=/a ; argv[]=/a ; code=exited ; status=9 ; ignore_errors=no ; start_time=[x] ; stop_time=[x] ; pid=1 ; code=dumped ; status=11/SEGV }',
    { command: '/a ; code=exited ; status=9', exitCode: null, signal: 11, failed: true },
  ],
  [
    '{ path=/a ; argv[]=/a ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }',
    { command: '/a', exitCode: null, signal: null, failed: false },
  ],
])('the command of a service and its end: %s', (text, line) => {
  expect(execLine(text)).toMatchObject(line);
});

it('takes linear time over a command of any length', () => {
  const began = performance.now();
  execLine(`{ argv[]=${' ; ignore_errors=no'.repeat(50_000)}`);
  execLine(`{ argv[]=x ; ignore_errors=no ; ${'; code='.repeat(150_000)}`);
  parseUnits(`Id=a.service\nExecStart=${'argv[]='.repeat(150_000)}`);
  expect(performance.now() - began).toBeLessThan(2_000);
});

it('leaves out what was masked while it had failed', () => {
  expect(parseUnits('Id=a.service\nLoadState=masked\nActiveState=failed')).toEqual([]);
});

it('reads entries of the journal, as text and as bytes', () => {
  const lines = fixtureText('journal-252.txt').split('\n');
  const bytes = lines.slice(lines.indexOf('=== bytes')).flatMap((line) => journalEntry(line) ?? []);
  expect(bytes.map(({ message }) => message)).toEqual(['\uFFFD\uFFFD bad', '\u001b]52;c;QQ==\u0007 evil']);
  expect(journalEntry(lines[lines.indexOf('=== job') + 1] ?? '')?.message).toBe('backup: disk full');
});

it.each([
  ['', undefined],
  ['-- No entries --', undefined],
  ['{"MESSAGE":"cut', undefined],
  ['{"MESSAGE":"no time"}', undefined],
  ['{"MESSAGE":null,"__MONOTONIC_TIMESTAMP":"1"}', undefined],
  ['{"MESSAGE":[1.5],"__MONOTONIC_TIMESTAMP":"1"}', undefined],
  ['{"MESSAGE":[{}],"__MONOTONIC_TIMESTAMP":"1"}', undefined],
  ['{"MESSAGE":["twice","again"],"__MONOTONIC_TIMESTAMP":"2000"}', { atMs: 2, message: 'twice' }],
  ['{"MESSAGE":[[104,105],"x"],"__MONOTONIC_TIMESTAMP":"1000"}', { atMs: 1, message: 'hi' }],
])('an entry of the journal: %s', (line, entry) => {
  expect(journalEntry(line)).toEqual(entry);
});
