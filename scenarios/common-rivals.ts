import { readSince } from '../source/diagnosis/facts/read-since.js';
import { hardlyThrottled } from '../source/diagnosis/facts/throttling.js';
import type { Rival } from '../source/diagnosis/mode.js';
import type { History } from '../source/store/history.js';
import { NO_CPU_LIMIT } from './common-thresholds.js';

/** What several modes rule out by the same figure of their own case. */

/**
 * That no CPU limit holds a container back; undefined where one may, or nothing was read since the trouble began
 * (wall-clock ms, or null).
 */
export function noCpuLimit(history: History, name: string, since: number | null): Rival | undefined {
  const because = hardlyThrottled(readSince(history, since), name, NO_CPU_LIMIT);
  return because === undefined ? undefined : { id: 'cpu-limit', because };
}
