import { isIP } from 'node:net';
import type Docker from 'dockerode';
import { isOwnTool } from '../../engines/docker/containers/own-tools.js';
import type { FaultSpec } from '../../faults/fault-spec.js';
import { type InspectedTarget, inspectTarget } from '../../faults/observe/target.js';
import { suggestion } from '../arguments/nearest.js';
import { UsageError } from '../arguments/usage-error.js';
import type { TypedFault } from './parse-fault.js';

/** What a container can be called (RestrictedNameChars of Docker); anything else would be another path of its API. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

export interface ResolvedFault {
  /** With the target's full name. */
  readonly spec: FaultSpec;
  readonly target: InspectedTarget;
}

/** Looks up the names in a fault as it was typed. Throws UsageError with the nearest right thing. */
export async function resolveFault(docker: Docker, { on, spec }: TypedFault): Promise<ResolvedFault> {
  const target = await find(docker, on, '--on');
  return { spec: { ...(await lookedUp(docker, target, spec)), target: target.identity.name }, target };
}

async function lookedUp(docker: Docker, target: InspectedTarget, spec: FaultSpec): Promise<FaultSpec> {
  if (spec.kind === 'disconnect' && spec.network === '') return { ...spec, network: onlyNetwork(target) };
  if (spec.kind !== 'drop-peer') return spec;
  const peers: string[] = [];
  for (const peer of spec.peers)
    peers.push(...(isIP(peer) ? [peer] : await addressesOf(docker, target, peer)));
  return { ...spec, peers: [...new Set(peers)] };
}

function onlyNetwork({ identity, networks }: InspectedTarget): string {
  const [first, ...more] = networks.map(({ name }) => name);
  if (first !== undefined && more.length === 0) return first;
  if (first === undefined) throw new UsageError(`${identity.name} is on no network`);
  const names = [first, ...more].join(' or ');
  throw new UsageError(`${identity.name} is on several networks: write --network ${names}`);
}

/** A peer's addresses on the networks that it shares with the target, else all that it has. */
async function addressesOf(
  docker: Docker,
  target: InspectedTarget,
  name: string,
): Promise<readonly string[]> {
  const peer = await find(docker, name, '--peer');
  if (peer.identity.id === target.identity.id) throw new UsageError(`--peer ${name} is the container itself`);
  const own = target.networks.map((network) => network.name);
  const shared = peer.networks.filter((network) => own.includes(network.name));
  const addresses = (shared.length > 0 ? shared : peer.networks)
    .flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6])
    .filter((address) => address !== '');
  if (addresses.length === 0)
    throw new UsageError(`--peer ${name} has no address now: start it, or write its address`);
  return addresses;
}

async function find(docker: Docker, name: string, option: string): Promise<InspectedTarget> {
  const found = NAME.test(name) ? await inspectTarget(docker, name) : null;
  if (found !== null) return found;
  const listed = await docker.listContainers({ all: true });
  const names = listed
    .filter(({ Labels }) => !isOwnTool(Labels ?? {}))
    .flatMap(({ Names }) => Names.slice(0, 1).map((one) => one.replace(/^\//, '')));
  const hint = names.length === 0 ? ': there is none at all' : suggestion(name, names);
  throw new UsageError(`${option} ${name}: there is no such container${hint}`);
}
