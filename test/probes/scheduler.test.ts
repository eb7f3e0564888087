import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Probe, type ProbeOutcome, Unavailable } from '../../source/probes/probe.js';
import { nextDelay, type Scheduler, startScheduler } from '../../source/probes/scheduler.js';
import { HandClock } from '../helpers/hand-clock.js';

const probe = (id: string, run: Probe<number>['run'], extra: Partial<Probe<number>> = {}): Probe<number> => ({
  id,
  reads: 'a test',
  cost: 'counter',
  intervalMs: 20,
  timeoutMs: 60,
  run,
  ...extra,
});

let clock: HandClock;
let scheduler: Scheduler | undefined;
beforeEach(() => {
  clock = new HandClock();
});
afterEach(async () => {
  const stopping = scheduler?.stop();
  await clock.pass(2_000);
  await stopping;
  scheduler = undefined;
});

/** Starts probes and gives what they said, which grows as time goes by. */
function collect(probes: Probe<number>[]): ProbeOutcome[] {
  const all: ProbeOutcome[] = [];
  scheduler = startScheduler({ probes, clock, onOutcome: (outcome) => all.push(outcome) });
  return all;
}

/** As a probe that takes so long (ms). */
const take = (ms: number): Promise<void> => new Promise((done) => clock.setTimeout(done, ms));

describe('the scheduler', () => {
  it('lets a hanging probe time out without holding up another, and tells its abort', async () => {
    let aborted = false;
    const hanging = probe('hangs', ({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    const all = collect([hanging, probe('works', async () => 1)]);
    await clock.pass(100);
    expect(all.find((outcome) => outcome.id === 'hangs')).toMatchObject({ ok: false, kind: 'timeout' });
    expect(all.filter((outcome) => outcome.id === 'works').length).toBeGreaterThan(1);
    expect(aborted).toBe(true);
  });

  it('never runs one probe twice at once', async () => {
    let inside = 0;
    let most = 0;
    const slow = probe('slow', async () => {
      most = Math.max(most, ++inside);
      await take(40);
      return --inside;
    });
    const all = collect([slow]);
    await clock.pass(200);
    expect(all.length).toBeGreaterThanOrEqual(4);
    expect(most).toBe(1);
  });

  it('gives a run that begins from now on when it is asked for one, and then goes on as before', async () => {
    let runs = 0;
    const seldom = probe('seldom', async () => ++runs, { intervalMs: 60_000 });
    const slow = probe(
      'slow',
      async () => {
        const mine = ++runs;
        await take(40);
        return mine;
      },
      { intervalMs: 60_000 },
    );
    collect([seldom]);
    await clock.pass(0);
    const again = Promise.all([scheduler?.fresh('seldom'), scheduler?.fresh('seldom')]);
    await clock.pass(0);
    expect((await again).map((outcome) => outcome?.ok && outcome.sample)).toEqual([2, 2]);
    expect(await scheduler?.fresh('nobody')).toBeUndefined();
    scheduler?.add(slow);
    const first = scheduler?.fresh('slow');
    await clock.pass(40);
    const begun = scheduler?.fresh('slow');
    await clock.pass(20);
    // The run of the first is under way by now, and began before this one was asked for.
    const next = scheduler?.fresh('slow');
    await clock.pass(100);
    const all = await Promise.all([first, begun, next]);
    expect(all.map((outcome) => outcome?.ok && outcome.sample)).toEqual([3, 4, 5]);
    const never = scheduler?.fresh('seldom');
    await scheduler?.stop();
    expect(await never).toBeUndefined();
  });

  it('reports why a source is unavailable and how to mend it', async () => {
    const all = collect([
      probe('x', () =>
        Promise.reject(new Unavailable('not-loaded', 'no nf_conntrack', 'modprobe nf_conntrack')),
      ),
    ]);
    await clock.pass(0);
    const [outcome] = all;
    expect(outcome).toMatchObject({
      ok: false,
      kind: 'not-loaded',
      reason: 'no nf_conntrack',
      mend: 'modprobe nf_conntrack',
    });
  });

  it('stops all and reports nothing more', async () => {
    const all = collect([probe('x', async () => 1)]);
    await clock.pass(20);
    expect(all.length).toBe(2);
    await scheduler?.stop();
    await clock.pass(80);
    expect(all.length).toBe(2);
    expect(clock.waiting).toBe(0);
  });

  it('waits a second for a run that ignores its abort, and not longer', async () => {
    collect([probe('deaf', () => new Promise(() => undefined), { timeoutMs: 60_000 })]);
    await clock.pass(10);
    let stopped = false;
    const stopping = scheduler?.stop().then(() => {
      stopped = true;
    });
    await clock.pass(999);
    expect(stopped).toBe(false);
    await clock.pass(1);
    await stopping;
  });
});

it('counts as the cost of a table the lesser of two runs: one alone may have waited for the machine', async () => {
  const begins: number[] = [];
  const lasts = [30, 1, 30, 30, 30];
  const table = probe(
    'table',
    async () => {
      begins.push(clock.now());
      await take(lasts[begins.length - 1] ?? 30);
      return 1;
    },
    { cost: 'table', intervalMs: 100, timeoutMs: 1_000 },
  );
  collect([table]);
  await clock.pass(3_600);
  const gaps = begins.slice(1).map((at, i) => at - (begins[i] as number));
  expect(gaps.slice(0, 4)).toEqual([100, 100, 100, 1_500]);
});

describe('nextDelay', () => {
  const ok = (costMs: number) => ({ ok: true, costMs });
  const failed = { ok: false, costMs: 1 };

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
      clock,
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
    await clock.pass(100);
    expect(ran('comes')).toBeGreaterThan(1);
    scheduler.remove('comes');
    scheduler.remove('never there');
    await clock.pass(0);
    expect(closed).toBe(1);
    const before = ran('comes');
    const others = ran('stays');
    await clock.pass(100);
    expect(ran('stays')).toBeGreaterThan(others + 2);
    expect(ran('comes')).toBe(before);
    scheduler.add(coming);
    await clock.pass(100);
    expect(ran('comes')).toBeGreaterThan(before);
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
      clock,
      onOutcome: ({ id }) => seen.push(id),
    });
    scheduler.add(slow);
    await clock.pass(20);
    scheduler.remove('slow');
    expect(aborted).toBe(true);
    await clock.pass(20);
    expect(seen).toEqual([]);
  });
});
