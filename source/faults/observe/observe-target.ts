import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { z } from 'zod';
import { observationCommand } from '../agent/programs.js';
import { lookThrough, type Toolbox } from '../agent/toolbox.js';
import type { Observation, Reading, TargetIdentity } from '../fault-plan.js';
import { insideSections } from './inside-sections.js';
import { canBeJoined, type InspectedTarget, inspectTarget } from './target.js';

/** Milliseconds for a look without readings; each reading may take its own time on top. */
const LOOK_MS = 30_000;
const READING_MS = 5_000;

/** What the look from inside a target prints. */
const said = z.object({
  /** `net:[4026532258]` */
  network: z.string(),
  raw: z.record(z.string(), z.string().nullable()),
  readings: z.record(z.string(), z.object({ code: z.int().nullable(), output: z.string(), ms: z.number() })),
});

export interface TargetObservation extends Observation {
  /** The target that was seen, with its network where it could be joined. */
  readonly target: TargetIdentity;
}

/** Looks at a target that ends or is restarted while it is looked at. */
const MOST_LOOKS = 3;
/** What is in a namespace is killed with its first process; the daemon knows of that end a moment later. */
const END_MS = 2_000;
const END_LOOK_MS = 200;

/**
 * Reads a target's state, from the daemon and, if it runs, from inside its namespaces through a container of the
 * toolbox that lives for that long (0.3 s measured). Changes nothing. One that ended meanwhile is told as the daemon
 * has it then. Rejects when that container cannot be run.
 */
export async function observeTarget(
  on: Toolbox,
  inspected: InspectedTarget,
  readings: readonly Reading[] = [],
): Promise<TargetObservation> {
  let target = inspected;
  for (let look = 1; ; look++) {
    const { sections, identity } = target;
    if (!canBeJoined(target)) return { snapshot: sections, readings: {}, target: identity };
    try {
      return await observeInside(on, target, readings);
    } catch (error) {
      const changed = await changedSince(on.docker, target);
      if (changed === null || look === MOST_LOOKS) throw error;
      target = changed;
    }
  }
}

/** The target after an end or a restart that is known soon, or null when it is the same as before, or gone. */
async function changedSince(
  docker: Docker,
  { identity: { id, startedAt } }: InspectedTarget,
): Promise<InspectedTarget | null> {
  const end = performance.now() + END_MS;
  for (;;) {
    const now = await inspectTarget(docker, id);
    if (now === null) return null;
    if (!canBeJoined(now) || now.identity.startedAt !== startedAt) return now;
    if (performance.now() > end) return null;
    await sleep(END_LOOK_MS);
  }
}

async function observeInside(
  on: Toolbox,
  target: InspectedTarget,
  readings: readonly Reading[],
): Promise<TargetObservation> {
  const { identity, sections } = target;
  const ms = readings.reduce((sum, { timeoutMs }) => sum + (timeoutMs ?? READING_MS), LOOK_MS);
  const command = observationCommand(readings);
  const seen = await lookThrough(on, { target: identity, command, ms, shape: said });
  const { snapshot, unreadable } = insideSections(seen.raw);
  // Without the rules of a target nobody could say that they are as they were.
  if (unreadable.includes('nft') && unreadable.includes('iptables-legacy'))
    throw new Error(
      `the packet filter of ${identity.name} cannot be read: neither nft nor iptables works there`,
    );
  return {
    snapshot: { ...snapshot, ...sections },
    readings: seen.readings,
    target: { ...identity, network: seen.network },
  };
}
