import { expect, it } from 'vitest';
import type { EngineLogLine } from '../../source/engines/engine.js';
import { createLogsProbe } from '../../source/probes/logs/logs-probe.js';
import { HandClock } from '../helpers/hand-clock.js';
import { runProbe } from './run-probe.js';

function setUp() {
  const clock = new HandClock(1_000_000);
  let listener: ((line: EngineLogLine) => void) | undefined;
  const probe = createLogsProbe({
    subscribe: (each) => {
      listener = each;
      return () => {
        listener = undefined;
      };
    },
    clock,
  });
  return {
    probe,
    pass: (ms: number) => clock.set(clock.now() + ms),
    log: (text: string, workload = 'todo-app', at = clock.now()) =>
      listener?.({ workload, at, stream: 'stderr', text }),
    listening: () => listener !== undefined,
  };
}

it('counts lines by service and kind, in ten seconds and in all', async () => {
  const { probe, log, pass } = setUp();
  for (let i = 0; i < 5; i++) log('Error: getaddrinfo EAI_AGAIN db');
  log('GET / 200');
  log('connect ECONNREFUSED 127.0.0.1:1', 'other');
  pass(6_000);
  log('\x1b[31mError: queryA ETIMEOUT db\x1b[0m\x07');
  expect((await runProbe(probe)).matches).toEqual([
    {
      service: 'other',
      kind: 'connection-refused',
      recent: 1,
      total: 1,
      lastLine: 'connect ECONNREFUSED 127.0.0.1:1',
      lastAt: 1_000_000,
    },
    {
      service: 'todo-app',
      kind: 'name-resolution-temporary',
      recent: 6,
      total: 6,
      lastLine: 'Error: queryA ETIMEOUT db',
      lastAt: 1_006_000,
    },
  ]);
  pass(5_000);
  expect((await runProbe(probe)).matches.map(({ recent, total }) => [recent, total])).toEqual([
    [0, 1],
    [1, 6],
  ]);
  pass(3_600_000);
  expect((await runProbe(probe)).matches.map(({ recent }) => recent)).toEqual([0, 0]);
});

it('stays bounded under a flood of services and lines, and forgets the quietest', async () => {
  const { probe, log } = setUp();
  log('ECONNRESET', 'quiet');
  for (let i = 0; i < 3_000; i++) log(`ECONNRESET ${'x'.repeat(5_000)}`, `s${i}`);
  const { matches } = await runProbe(probe);
  expect(matches).toHaveLength(400);
  expect(matches.some(({ service }) => service === 'quiet')).toBe(false);
  expect(matches.at(-1)?.service).toBe('s2999');
  expect(matches.every(({ lastLine }) => lastLine.length <= 300)).toBe(true);
});

it('unsubscribes when closed', () => {
  const { probe, listening } = setUp();
  expect(listening()).toBe(true);
  probe.close?.();
  expect(listening()).toBe(false);
});

it('does not take what was said an hour ago, before it was followed, for something that goes on', async () => {
  const { probe, log } = setUp();
  for (let i = 0; i < 5; i++) log('connect ECONNREFUSED 127.0.0.1:1', 'web', 1_000_000 - 3_600_000);
  expect((await runProbe(probe)).matches).toMatchObject([{ recent: 0, total: 5 }]);
});
