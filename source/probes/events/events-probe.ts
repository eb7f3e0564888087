import { type Clock, systemClock } from '../../clock.js';
import type { Engine } from '../../engines/engine.js';
import { type Probe, Unavailable } from '../probe.js';
import type { EventsSample, WorkloadEvent } from './sample.js';

/** How far back a sample goes (ms): longer than it takes to name what an event began. */
const KEPT_MS = 120_000;
/** Events held at most: a container in a crash loop makes some ten a second. */
const MOST_EVENTS = 500;

export interface EventsProbeOptions {
  readonly engine: Pick<Engine, 'onEvent' | 'trouble'>;
  readonly clock?: Clock;
  readonly intervalMs?: number;
}

/**
 * What the engine said happened to its workloads in the last two minutes, oldest first. It listens from the moment
 * it is made. Throws Unavailable while the engine cannot be asked: no event is then no proof of quiet.
 */
export function createEventsProbe(options: EventsProbeOptions): Probe<EventsSample> {
  const { engine, clock = systemClock } = options;
  let held: WorkloadEvent[] = [];
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
      const since = clock.wall() - KEPT_MS;
      held = held.filter(({ at }) => at >= since);
      if (clock.wall() > lostUntil) lost = 0;
      // A daemon's times are its own: events of one second may come out of order.
      const events = [...held].sort((a, b) => a.at - b.at);
      return Promise.resolve({ events, lost });
    },
    close: stop,
  };
}
