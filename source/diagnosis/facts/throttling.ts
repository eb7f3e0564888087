import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { containers } from './events.js';
import { average, known, STREAK_MS } from './values.js';

/** A container that its CPU quota holds back. */
export interface Throttled {
  readonly service: ServiceSample;
  /** Cores that it may use. */
  readonly cpus: number;
  /** Percent of its periods, mean of the window, and on how many readings. */
  readonly percent: number;
  readonly readings: number;
  /** Wall-clock ms since when it is held back without a break. */
  readonly since: number;
}

/** Every container with a CPU quota that holds it back in `least` percent of its periods or more over `ms`. */
export function throttled(history: History, least: number, ms: number): Throttled[] {
  return [...containers(history).values()].flatMap((service): Throttled[] => {
    const signal = `service.throttled{${service.name}}`;
    const percent = average(history, signal, ms);
    const cpus = service.container?.limits.cpus ?? undefined;
    if (cpus === undefined || percent === undefined || percent < least) return [];
    const all = known(history, signal, STREAK_MS);
    const free = all.findLastIndex((point) => point.value <= least);
    const since = all[free + 1]?.at ?? history.now;
    return [{ service, cpus, percent, readings: known(history, signal, ms).length, since }];
  });
}
