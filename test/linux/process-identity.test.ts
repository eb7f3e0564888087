import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endProcesses } from '../../source/engines/embedded/end-processes.js';
import { descendantsOf, identityOf, isAlive, signalProcess } from '../../source/linux/process/identity.js';

test('a used-again pid is another process and is not signalled', async () => {
  const child = spawn('sleep', ['30']);
  const identity = identityOf(child.pid as number);
  expect(isAlive(identity)).toBe(true);
  expect(signalProcess({ ...identity, startTime: `${identity.startTime}1` }, 'SIGKILL')).toBe(false);
  expect(signalProcess({ ...identity, startTime: '' }, 'SIGKILL')).toBe(false);
  expect(isAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);
});

test('ends a frozen process that ignores its stop signal, and its child', async () => {
  const child = spawn('sh', ['-c', 'trap "" TERM; sleep 30 & echo up; wait; sleep 30']);
  await once(child.stdout, 'data');
  const pid = child.pid as number;
  const family = descendantsOf(pid);
  expect(family.length).toBeGreaterThan(0);
  process.kill(pid, 'SIGSTOP');
  expect(await endProcesses([{ ...identityOf(pid), stopSignal: 'SIGTERM' }], 200)).toEqual([]);
  expect(family.some(isAlive)).toBe(false);
});
