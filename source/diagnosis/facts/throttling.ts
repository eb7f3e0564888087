import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { containers } from './events.js';
import { average, known, newest, STREAK_MS } from './values.js';

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

/** How seldom a container is throttled; undefined where it is so in as many of its periods, or none was read. */
export function hardlyThrottled(
  history: History,
  name: string,
  { value, windowMs }: { readonly value: number; readonly windowMs: number },
): string | undefined {
  const percent = newest(history, `service.throttled{${name}}`, windowMs);
  if (percent === undefined || percent >= value) return undefined;
  return `${Math.round(percent)} % of its periods are throttled`;
}
