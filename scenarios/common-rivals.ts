import { hardlyThrottled } from '../source/diagnosis/facts/throttling.js';
import type { Rival } from '../source/diagnosis/mode.js';
import type { History } from '../source/store/history.js';
import { NO_CPU_LIMIT } from './common-thresholds.js';

/** What several modes rule out by the same figure of their own case. */

/** That no CPU limit holds a container back; undefined where one may, or nothing was read. */
export function noCpuLimit(history: History, name: string): Rival | undefined {
  const because = hardlyThrottled(history, name, NO_CPU_LIMIT);
  return because === undefined ? undefined : { id: 'cpu-limit', because };
}
