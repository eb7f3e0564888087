import { type Clock, systemClock } from '../../clock.js';
import type { Engine } from '../../engines/engine.js';
import { type Probe, Unavailable } from '../probe.js';
import type { EventsSample, WorkloadEvent } from './sample.js';

/** How far back a sample goes (ms): longer than it takes to name what an event began. */
const KEPT_MS = 120_000;
/** Ends and starts are kept longer (ms): so many in ten minutes are a loop. */
const LIVES_KEPT_MS = 600_000;
/** The end of one that has not started again since is kept this long (ms): as far back as a daemon is asked. */
const END_KEPT_MS = 3_600_000;
/** What a life begins and ends with. */
const OF_LIVES: ReadonlySet<string> = new Set([
  ...['start', 'kill', 'oom', 'die', 'stop', 'restart', 'pause', 'destroy'],
]);
/** Events held at most: a container in a crash loop makes some ten a second. */
const MOST_EVENTS = 500;

export interface EventsProbeOptions {
  readonly engine: Pick<Engine, 'onEvent' | 'trouble' | 'past'>;
  readonly clock?: Clock;
  readonly intervalMs?: number;
}

/**
 * What the engine said happened to its workloads in the last two minutes, oldest first, and of their lives before that
 * what is not over. It listens from the moment it is made, and asks once what happened before. Throws Unavailable while the engine cannot be asked: no event is then no proof of quiet.
 */
export function createEventsProbe(options: EventsProbeOptions): Probe<EventsSample> {
  const { engine, clock = systemClock } = options;
  let held: WorkloadEvent[] = [];
  let pastTaken = false;
  let lost = 0;
  let lostUntil = 0;
  const stop = engine.onEvent((event) => {
    held.push(event);
    if (held.length <= MOST_EVENTS) return;
    held.shift();
    lost++;
    lostUntil = event.at + KEPT_MS;
  });
  return {
    id: 'events',
    cost: 'counter',
    intervalMs: options.intervalMs ?? 1_000,
    timeoutMs: 1_000,
    run() {
      const trouble = engine.trouble?.();
      if (trouble) return Promise.reject(new Unavailable('not-readable', trouble.reason, trouble.mend));
      if (!pastTaken) held = [...(engine.past?.() ?? []), ...held].slice(-MOST_EVENTS);
      pastTaken = true;
      held = stillOfUse(held, clock.wall());
      if (clock.wall() > lostUntil) lost = 0;
      // A daemon's times are its own: events of one second may come out of order.
      const events = [...held].sort((a, b) => a.at - b.at);
      return Promise.resolve({ events, lost });
    },
    close: stop,
  };
}

/** The events that are recent, or belong to a life that is watched: those of the last ten minutes, and an end that lasts. */
function stillOfUse(events: readonly WorkloadEvent[], now: number): WorkloadEvent[] {
  const ends = new Map<string, { startedAt: number; endedAt: number | null }>();
  for (const { workload, action, at } of events) {
    if (action === 'start' || action === 'unpause') ends.set(workload, { startedAt: at, endedAt: null });
    if (action === 'die' || action === 'pause')
      ends.set(workload, { startedAt: ends.get(workload)?.startedAt ?? 0, endedAt: at });
  }
  return events.filter(({ workload, action, at }) => {
    if (now - at <= KEPT_MS) return true;
    if (!OF_LIVES.has(action)) return false;
    if (now - at <= LIVES_KEPT_MS) return true;
    const last = ends.get(workload);
    return last?.endedAt != null && now - last.endedAt <= END_KEPT_MS && at >= last.startedAt;
  });
}
