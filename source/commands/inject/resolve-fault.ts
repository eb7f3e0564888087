import { isIP } from 'node:net';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import type { FaultSpec } from '../../faults/fault-spec.js';
import { inspectTarget, TARGET_LABEL } from '../../faults/observe/target.js';
import { suggestion } from '../arguments/nearest.js';
import { UsageError } from '../arguments/usage-error.js';
import type { TypedFault } from './parse-fault.js';

/** What a container can be called (RestrictedNameChars of Docker); anything else would be another path of its API. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

export interface ResolvedFault {
  readonly spec: FaultSpec;
  /** The target's full name. */
  readonly name: string;
  /** Whoever started it allows faults in it. */
  readonly labelled: boolean;
}

/** Looks up the names in a fault as it was typed. Throws UsageError with the nearest right thing. */
export async function resolveFault(docker: Docker, { on, spec }: TypedFault): Promise<ResolvedFault> {
  const info = await find(docker, on, '--on');
  return {
    spec: { ...(await lookedUp(docker, info, spec)), target: nameOf(info) },
    name: nameOf(info),
    labelled: info.Config.Labels?.[TARGET_LABEL] === 'true',
  };
}

async function lookedUp(docker: Docker, info: ContainerInspectInfo, spec: FaultSpec): Promise<FaultSpec> {
  if (spec.kind === 'disconnect' && spec.network === '') return { ...spec, network: onlyNetwork(info) };
  if (spec.kind !== 'drop-peer') return spec;
  const peers: string[] = [];
  for (const peer of spec.peers) peers.push(...(isIP(peer) ? [peer] : await addressesOf(docker, info, peer)));
  return { ...spec, peers: [...new Set(peers)] };
}

function onlyNetwork(info: ContainerInspectInfo): string {
  const [first, ...more] = Object.keys(networksOf(info));
  if (first !== undefined && more.length === 0) return first;
  if (first === undefined) throw new UsageError(`${nameOf(info)} is on no network`);
  const names = [first, ...more].join(' or ');
  throw new UsageError(`${nameOf(info)} is on several networks: write --network ${names}`);
}

/** A peer's addresses on the networks that it shares with the target, else all that it has. */
async function addressesOf(
  docker: Docker,
  target: ContainerInspectInfo,
  peer: string,
): Promise<readonly string[]> {
  const info = await find(docker, peer, '--peer');
  if (info.Id === target.Id) throw new UsageError(`--peer ${peer} is the container itself`);
  const own = Object.keys(networksOf(target));
  const all = Object.entries(networksOf(info));
  const shared = all.filter(([name]) => own.includes(name));
  const addresses = (shared.length > 0 ? shared : all).flatMap(([, network]) =>
    [network?.IPAddress, network?.GlobalIPv6Address].filter(
      (address) => address !== undefined && address !== '',
    ),
  ) as string[];
  if (addresses.length === 0)
    throw new UsageError(`--peer ${peer} has no address now: start it, or write its address`);
  return addresses;
}

async function find(docker: Docker, name: string, option: string): Promise<ContainerInspectInfo> {
  const info = NAME.test(name) ? await inspectTarget(docker, name) : null;
  if (info !== null) return info;
  const listed = await docker.listContainers({ all: true });
  const names = listed.flatMap(({ Names }) => Names.slice(0, 1).map((one) => one.replace(/^\//, '')));
  const hint = names.length === 0 ? ': there is none at all' : suggestion(name, names);
  throw new UsageError(`${option} ${name}: there is no such container${hint}`);
}

const nameOf = ({ Name }: ContainerInspectInfo): string => Name.replace(/^\//, '');

const networksOf = ({ NetworkSettings }: ContainerInspectInfo) =>
  (NetworkSettings?.Networks ?? {}) as Readonly<
    Record<string, { readonly IPAddress?: string; readonly GlobalIPv6Address?: string } | null>
  >;
