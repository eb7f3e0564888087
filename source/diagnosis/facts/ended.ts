import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { namePlace } from '../places.js';
import { aroundWorkloads } from './blast-radius.js';
import { containers, type Ending, type EndKind, endings } from './events.js';
import { failingAt } from './failing-at.js';
import type { TargetView } from './http.js';
import { isGone } from './services.js';
import { known, STREAK_MS } from './values.js';

/** A container that ended lately, with what that does around it. */
export interface Ended {
  readonly history: History;
  readonly service: ServiceSample;
  /** Its last end. */
  readonly ending: Ending;
  /** How long it was, or has been, away (ms). */
  readonly awayMs: number;
  /** How often it ended in the time that was asked for. */
  readonly ends: number;
  /** Places at which its end can be felt, the targets that fail there, and whether anything there does. */
  readonly radius: readonly string[];
  readonly failing: readonly TargetView[];
  readonly felt: boolean;
}

/** The containers that ended in one of these ways in the last two minutes, with their ends of the last `ms`. */
export function ended(history: History, kinds: readonly EndKind[], ms: number): Ended[] {
  const there = containers(history);
  const all = endings(history).filter(({ kind }) => kinds.includes(kind));
  const last = new Map(all.map((ending) => [ending.workload, ending]));
  return [...last].flatMap(([name, ending]): Ended[] => {
    const service = there.get(name);
    if (!service) return [];
    const radius = aroundEnd(history, service);
    const { targets: failing, any: felt } = failingAt(history, radius);
    const awayMs = (ending.backAt ?? history.now) - ending.at;
    const seen = all.filter(({ workload }) => workload === name).length;
    const ends = Math.max(seen, falls(history, name, ms));
    return [{ history, service, ending, awayMs, ends, radius, failing, felt }];
  });
}

/** What the end of a container can cause: around it, and that its name is not found. */
export const aroundEnd = (history: History, service: ServiceSample): string[] => [
  ...aroundWorkloads(history, [service]),
  namePlace(service.name),
];

/** How often a container was seen to go, longer ago than its events are known, too. */
function falls(history: History, name: string, ms: number): number {
  const up = known(history, `service.up{${name}}`, ms);
  return up.filter((point, i) => point.value === 0 && up[i - 1]?.value === 1).length;
}

/** Whether a container that ran while it was watched has ended in error since and is missed, its events known or not. */
export function isMissed(history: History, name: string): boolean {
  const service = containers(history).get(name);
  if (!service || !isGone(service) || service.lastExit?.code === 0) return false;
  const ran = known(history, `service.up{${name}}`, STREAK_MS).some(({ value }) => value === 1);
  return ran && failingAt(history, aroundEnd(history, service)).any;
}
