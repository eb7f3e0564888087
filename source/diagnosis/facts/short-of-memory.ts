import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { aroundEnd } from './ended.js';
import { containers, endings } from './events.js';
import { failingAt } from './failing-at.js';
import type { TargetView } from './http.js';
import { type OomKills, oomKills } from './oom-kills.js';
import { average, known } from './values.js';

/** From when a container is short of memory. */
export interface MemoryBounds {
  /** Mean use as a share of its limit, over this time. */
  readonly fill: { readonly clear: number; readonly windowMs: number };
  /** A kill is told for so long (ms), looked for over so long, and followed by the container's end within so long. */
  readonly toldAfterKill: { readonly value: number };
  readonly lookedBackOver: { readonly value: number };
  readonly endFollowsKill: { readonly value: number };
}

/** A container in which the kernel killed for memory, or soon will. */
export interface ShortOfMemory {
  readonly history: History;
  readonly service: ServiceSample;
  readonly kills: OomKills | undefined;
  /** Mean use as a share of its limit, 0 to 1; 0 where it has none; and on how many readings. */
  readonly fill: number;
  readonly readings: number;
  /** Places that a kill in it can be felt at, and the targets that fail there. */
  readonly radius: readonly string[];
  readonly failing: readonly TargetView[];
}

/** Every container in which something was killed lately, or that is as full as to be told of or not clear yet. */
export function shortOfMemory(history: History, bounds: MemoryBounds): ShortOfMemory[] {
  const ends = endings(history);
  return [...containers(history).values()].flatMap((service): ShortOfMemory[] => {
    const kills = oomKills(history, service, ends, {
      toldMs: bounds.toldAfterKill.value,
      lookBackMs: bounds.lookedBackOver.value,
      endFollowsMs: bounds.endFollowsKill.value,
    });
    const signal = `service.memoryFill{${service.name}}`;
    const fill = average(history, signal, bounds.fill.windowMs) ?? 0;
    if (!kills && fill < bounds.fill.clear) return [];
    const readings = known(history, signal, bounds.fill.windowMs).length;
    const radius = aroundEnd(history, service);
    const { targets: failing } = failingAt(history, radius);
    return [{ history, service, kills, fill, readings, radius, failing }];
  });
}
