import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import type { Reading, Sighting } from '../fault-plan.js';
import { sightCommand } from '../keeper/program.js';
import { canBeJoined } from '../target/target.js';
import { runToolbox } from '../toolbox/toolbox-container.js';
import { fromDaemon } from './from-daemon.js';
import { fromInside } from './from-inside.js';
import { rawSight } from './raw-state.js';

/** Milliseconds for a look without readings; each reading may take its own time on top. */
const LOOK_MS = 30_000;
const READING_MS = 5_000;

export interface TargetSight extends Sighting {
  /** `net:[…]` of the target, or null where it could not be joined. */
  readonly network: string | null;
}

/**
 * Reads a target's state, from the daemon and, if it runs, from inside its namespaces through a container of the
 * toolbox that lives for that long (0.3 s measured). Changes nothing. Rejects when that container cannot be run.
 */
export async function readSight(
  docker: Docker,
  image: string,
  target: ContainerInspectInfo,
  readings: readonly Reading[] = [],
): Promise<TargetSight> {
  const told = fromDaemon(target);
  if (!canBeJoined(target)) return { snapshot: told, readings: {}, network: null };
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
