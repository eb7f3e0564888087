import { expect, it } from 'vitest';
import type { Probe } from '../../source/probes/probe.js';
import { startTicking } from '../../source/runtime/tick.js';
import { createFaultlineStore } from '../../source/store/state.js';
import { HandClock } from '../helpers/hand-clock.js';

const kernel: Probe<unknown> = {
  id: 'kernel',
  cost: 'counter',
  intervalMs: 1_000,
  timeoutMs: 500,
  run: () => Promise.reject(new Error('nobody runs it here')),
};

function stage() {
  const clock = new HandClock(1_000_000);
  const store = createFaultlineStore({ mode: 'host', subject: 'h', readOnly: true, startedAt: clock.wall() });
  const commits: number[] = [];
  store.subscribe(({ now }) => commits.push(now - 1_000_000));
  const ticking = startTicking({
    ...{ store, clock, probes: [kernel], lab: undefined, modes: [], story: undefined, labWatch: undefined },
    logs: { lines: () => [], close: () => undefined },
    injections: { list: () => [] } as never,
  });
  return { clock, store, commits, ticking };
}

it('commits once at the start, soon after it, then once a second, until it is stopped', async () => {
  const { clock, commits, ticking } = stage();
  await clock.pass(3_000);
  expect(commits).toEqual([0, 500, 1_500, 2_500]);
  ticking.stop();
  await clock.pass(3_000);
  expect(commits).toHaveLength(4);
  expect(clock.waiting).toBe(0);
});

it('marks a sample stale once its probe has missed three turns, and names each probe by the registry', async () => {
  const { clock, store, ticking } = stage();
  expect(store.getState().probes.kernel).toMatchObject({ title: 'Kernel counters', state: 'waiting' });
  expect(store.getState().probes.kernel?.reads).toBe('/proc/net/snmp, /proc/net/netstat');
  ticking.take({ ok: true, id: 'kernel', at: clock.wall(), tookMs: 1, sample: { counters: {}, means: '' } });
  await clock.pass(3_500);
  expect(store.getState().latest.kernel?.stale).toBe(false);
  await clock.pass(1_000);
  expect(store.getState().latest.kernel?.stale).toBe(true);
  ticking.stop();
});
