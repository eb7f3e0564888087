import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { sightCommand } from '../agent/programs.js';
import { runToolbox } from '../agent/toolbox.js';
import type { Reading, Sighting } from '../fault-plan.js';
import { fromDaemon } from './daemon-sections.js';
import { fromInside } from './inside-sections.js';
import { rawSight } from './raw-state.js';
import { canBeJoined, inspectTarget } from './target.js';

/** Milliseconds for a look without readings; each reading may take its own time on top. */
const LOOK_MS = 30_000;
const READING_MS = 5_000;

export interface TargetSight extends Sighting {
  /** `net:[…]` of the target, or null where it could not be joined. */
  readonly network: string | null;
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
export async function readSight(
  docker: Docker,
  image: string,
  target: ContainerInspectInfo,
  readings: readonly Reading[] = [],
): Promise<TargetSight> {
  let info = target;
  for (let look = 1; ; look++) {
    if (!canBeJoined(info)) return { snapshot: fromDaemon(info), readings: {}, network: null };
    try {
      return await readInside(docker, image, info, readings);
    } catch (error) {
      const changed = await changedSince(docker, info);
      if (changed === null || look === MOST_LOOKS) throw error;
      info = changed;
    }
  }
}

/** The target after an end or a restart that is known soon, or null when it is the same as before, or gone. */
async function changedSince(
  docker: Docker,
  { Id, State }: ContainerInspectInfo,
): Promise<ContainerInspectInfo | null> {
  const end = performance.now() + END_MS;
  for (;;) {
    const now = await inspectTarget(docker, Id);
    if (now === null) return null;
    if (!canBeJoined(now) || now.State.StartedAt !== State.StartedAt) return now;
    if (performance.now() > end) return null;
    await sleep(END_LOOK_MS);
  }
}

async function readInside(
  docker: Docker,
  image: string,
  target: ContainerInspectInfo,
  readings: readonly Reading[],
): Promise<TargetSight> {
  const told = fromDaemon(target);
  const ms = readings.reduce((sum, { timeoutMs }) => sum + (timeoutMs ?? READING_MS), LOOK_MS);
  const { code, output, errors } = await runToolbox(
    docker,
    {
      image,
      name: `faultline-look-${randomBytes(6).toString('hex')}`,
      command: sightCommand(readings),
      labels: { 'faultline.look': target.Id },
      network: target.Id,
      pid: target.Id,
      capabilities: ['NET_ADMIN', 'NET_RAW'],
      socket: null,
    },
    ms,
  );
  const name = target.Name.replace(/^\//, '');
  if (code !== 0)
    throw new Error(`${name} could not be looked into: ${lastLine(errors) || `exit code ${code}`}`);
  const seen = rawSight.parse(JSON.parse(output));
  const { snapshot, unreadable } = fromInside(seen.raw);
  // Without the rules of a target nobody could say that they are as they were.
  if (unreadable.includes('nft') && unreadable.includes('iptables-legacy'))
    throw new Error(`the packet filter of ${name} cannot be read: neither nft nor iptables works there`);
  return { snapshot: { ...snapshot, ...told }, readings: seen.readings, network: seen.network };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
