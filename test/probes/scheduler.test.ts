import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../source/clock.js';
import { type Probe, type ProbeOutcome, Unavailable } from '../../source/probes/probe.js';
import { nextDelay, type Scheduler, startScheduler } from '../../source/probes/scheduler.js';

const probe = (id: string, run: Probe<number>['run'], extra: Partial<Probe<number>> = {}): Probe<number> => ({
  id,
  reads: 'a test',
  cost: 'counter',
  intervalMs: 20,
  timeoutMs: 60,
  run,
  ...extra,
});

let scheduler: Scheduler | undefined;
afterEach(async () => scheduler?.stop());

async function collect(
  probes: Probe<number>[],
  until: (all: ProbeOutcome[]) => boolean,
): Promise<ProbeOutcome[]> {
  const all: ProbeOutcome[] = [];
  await new Promise<void>((done) => {
    scheduler = startScheduler({
      probes,
      clock: systemClock,
      onOutcome: (outcome) => {
        all.push(outcome);
        if (until(all)) done();
      },
    });
  });
  return all;
}

describe('the scheduler', () => {
  it('lets a hanging probe time out without holding up another, and tells its abort', async () => {
    let aborted = false;
    const hanging = probe('hangs', ({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    const all = await collect([hanging, probe('works', async () => 1)], (seen) =>
      seen.some((outcome) => outcome.id === 'hangs'),
    );
    expect(all.find((outcome) => outcome.id === 'hangs')).toMatchObject({ ok: false, kind: 'timeout' });
    expect(all.filter((outcome) => outcome.id === 'works').length).toBeGreaterThan(1);
    expect(aborted).toBe(true);
  });

  it('never runs one probe twice at once', async () => {
    let inside = 0;
    let most = 0;
    const slow = probe('slow', async () => {
      most = Math.max(most, ++inside);
      await new Promise((done) => setTimeout(done, 40));
      return --inside;
    });
    await collect([slow], (seen) => seen.length >= 4);
    expect(most).toBe(1);
  });

  it('gives a run that begins from now on when it is asked for one, and then goes on as before', async () => {
    let runs = 0;
    const seldom = probe('seldom', async () => ++runs, { intervalMs: 60_000 });
    const slow = probe(
      'slow',
      async () => {
        const mine = ++runs;
        await new Promise((done) => setTimeout(done, 40));
        return mine;
      },
      { intervalMs: 60_000 },
    );
    await collect([seldom], (seen) => seen.length >= 1);
    const again = await Promise.all([scheduler?.fresh('seldom'), scheduler?.fresh('seldom')]);
    expect(again.map((outcome) => outcome?.ok && outcome.sample)).toEqual([2, 2]);
    expect(await scheduler?.fresh('nobody')).toBeUndefined();
    scheduler?.add(slow);
    const first = await scheduler?.fresh('slow');
    const [begun, next] = await Promise.all([
      scheduler?.fresh('slow'),
      // The run of the first is under way by now, and began before this one was asked for.
      new Promise((done) => setTimeout(done, 20)).then(() => scheduler?.fresh('slow')),
    ]);
    expect([first, begun, next].map((outcome) => outcome?.ok && outcome.sample)).toEqual([3, 4, 5]);
    const never = scheduler?.fresh('seldom');
    await scheduler?.stop();
    expect(await never).toBeUndefined();
  });

  it('reports why a source is unavailable and how to mend it', async () => {
    const [outcome] = await collect(
      [
        probe('x', () =>
          Promise.reject(new Unavailable('not-loaded', 'no nf_conntrack', 'modprobe nf_conntrack')),
        ),
      ],
      (seen) => seen.length >= 1,
    );
    expect(outcome).toMatchObject({
      ok: false,
      kind: 'not-loaded',
      reason: 'no nf_conntrack',
      mend: 'modprobe nf_conntrack',
    });
  });

  it('stops all and reports nothing more', async () => {
    const all = await collect([probe('x', async () => 1)], (seen) => seen.length >= 2);
    await scheduler?.stop();
    const before = all.length;
    await new Promise((done) => setTimeout(done, 80));
    expect(all.length).toBe(before);
  });
});

describe('nextDelay', () => {
  const ok = (tookMs: number): ProbeOutcome => ({ ok: true, id: 'x', at: 0, tookMs, sample: 1 });
  const failed: ProbeOutcome = { ok: false, id: 'x', at: 0, tookMs: 1, kind: 'failed', reason: '' };

  it('doubles for a failing probe, up to 30 s', () => {
    expect(nextDelay({ intervalMs: 1000, cost: 'counter' }, failed, 1, 5)).toBe(2000);
    expect(nextDelay({ intervalMs: 1000, cost: 'counter' }, failed, 3, 5)).toBe(8000);
    expect(nextDelay({ intervalMs: 1000, cost: 'counter' }, failed, 50, 5)).toBe(30_000);
    const cheap = { intervalMs: 1000, cost: 'counter', longestBackoffMs: 1000 } as const;
    expect(nextDelay(cheap, failed, 50, 5)).toBe(1000);
  });

  it('gives an expensive table fifty times its cost to rest, up to 60 s', () => {
    expect(nextDelay({ intervalMs: 2000, cost: 'table' }, ok(10), 0, 10)).toBe(1990);
    expect(nextDelay({ intervalMs: 2000, cost: 'table' }, ok(200), 0, 200)).toBe(9800);
    expect(nextDelay({ intervalMs: 2000, cost: 'table' }, ok(5000), 0, 5000)).toBe(55_000);
    expect(nextDelay({ intervalMs: 2000, cost: 'network' }, ok(5000), 0, 5000)).toBe(0);
  });
});

describe('probes that come and go', () => {
  it('run from when they are added until they are removed, and are closed', async () => {
    const seen: string[] = [];
    let closed = 0;
    scheduler = startScheduler({
      probes: [probe('stays', async () => 1)],
      clock: systemClock,
      onOutcome: ({ id }) => seen.push(id),
    });
    const coming = probe('comes', async () => 1, {
      close: () => {
        closed++;
      },
    });
    scheduler.add(coming);
    expect(() => scheduler?.add(coming)).toThrow('two probes "comes"');
    const ran = (id: string): number => seen.filter((one) => one === id).length;
    await vi.waitFor(() => expect(ran('comes')).toBeGreaterThan(1));
    scheduler.remove('comes');
    scheduler.remove('never there');
    await vi.waitFor(() => expect(closed).toBe(1));
    const before = ran('comes');
    const others = ran('stays');
    await vi.waitFor(() => expect(ran('stays')).toBeGreaterThan(others + 2));
    expect(ran('comes')).toBe(before);
    scheduler.add(coming);
    await vi.waitFor(() => expect(ran('comes')).toBeGreaterThan(before));
  });

  it('abort and forget the run of one that is removed in the middle of it', async () => {
    const seen: string[] = [];
    let aborted = false;
    const slow = probe('slow', ({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise((done) => signal.addEventListener('abort', () => done(1)));
    });
    scheduler = startScheduler({
      probes: [],
      clock: systemClock,
      onOutcome: ({ id }) => seen.push(id),
    });
    scheduler.add(slow);
    await new Promise((done) => setTimeout(done, 20));
    scheduler.remove('slow');
    await vi.waitFor(() => expect(aborted).toBe(true));
    await new Promise((done) => setTimeout(done, 20));
    expect(seen).toEqual([]);
  });
});
