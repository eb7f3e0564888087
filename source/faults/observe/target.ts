import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { isDeadline, reasonOf, withDeadline } from '../../engines/docker/link/deadline.js';
import { CALL_MS, isGone } from '../agent/toolbox.js';
import type { Snapshot, TargetIdentity } from '../fault-plan.js';

/** Whoever puts this label on a container allows faults in it. */
export const TARGET_LABEL = 'faultline.target';

/**
 * A container as the daemon told of it at one moment. Gates, plan and snapshot of a fault all read this one telling, so
 * that they speak of the same container; nobody on the way asks again.
 */
export interface InspectedTarget {
  readonly identity: TargetIdentity;
  /** It carries the label by which faults are allowed in it. */
  readonly labelled: boolean;
  /** A paused one runs, too. */
  readonly running: boolean;
  /** Between an end and its next start. */
  readonly restarting: boolean;
  readonly paused: boolean;
  /** Started with `--rm`: stopped is gone. */
  readonly autoRemove: boolean;
  /** A task of a Swarm service: the orchestrator replaces it once it has ended. */
  readonly orchestrated: boolean;
  /** Whose network it has: its own, none, the host's, or that of another container (by its id). */
  readonly network: 'own' | 'none' | 'host' | { readonly container: string };
  readonly networks: readonly NetworkFacts[];
  readonly limits: LimitFacts;
  /** Those sections of its snapshot that the daemon holds. */
  readonly sections: Snapshot;
}

/** The target on one network, and what a new connection needs to be the same. */
export interface NetworkFacts {
  readonly name: string;
  readonly id: string;
  /** Empty without one. */
  readonly ipv4: string;
  readonly ipv6: string;
  readonly gateway: string;
  readonly asked: NetworkSettings;
}

/** What was asked for when a container was connected to a network; the daemon gave the rest. */
export interface NetworkSettings {
  /** Addresses that were asked for: `IPv4Address`, `IPv6Address`, `LinkLocalIPs`; empty where the daemon chose. */
  readonly ipam: Readonly<Record<string, string | readonly string[]>>;
  /** Without the short id, which the daemon adds itself. */
  readonly aliases: readonly string[];
  readonly links: readonly string[];
  readonly driverOpts: Readonly<Record<string, string>>;
  /** Docker 28; 0 is not set. */
  readonly gatewayPriority: number;
}

/** As `HostConfig` has them: 0 is "not set" for all, and -1 "none" for quota and swap. */
export interface LimitFacts {
  readonly nanoCpus: number;
  /** Microseconds a period. */
  readonly cpuQuota: number;
  readonly cpuPeriod: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes of memory and swap together. */
  readonly memorySwap: number;
  readonly memoryReservation: number;
}

/** What the daemon says of a container now; null when there is none. Rejects with a reason for a person. */
export async function inspectTarget(docker: Docker, name: string): Promise<InspectedTarget | null> {
  try {
    return inspectedTarget(
      await withDeadline(CALL_MS, (abortSignal) => docker.getContainer(name).inspect({ abortSignal })),
    );
  } catch (error) {
    if (isGone(error)) return null;
    if (isDeadline(error)) throw new Error(`Docker did not tell of ${name} within ${CALL_MS / 1_000} s`);
    throw new Error(`Docker cannot tell of ${name}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Only the network and processes of a running container can be joined. */
export const canBeJoined = ({ running, restarting }: InspectedTarget): boolean => running && !restarting;

/** Pure: what inspect says. */
export function inspectedTarget(info: ContainerInspectInfo): InspectedTarget {
  const { Id, Name, State, HostConfig, Config } = info;
  const networks = networksOf(info);
  return {
    identity: { id: Id, name: Name.replace(/^\//, ''), startedAt: State.StartedAt, network: null },
    labelled: Config.Labels?.[TARGET_LABEL] === 'true',
    running: State.Running,
    restarting: State.Restarting,
    paused: State.Paused,
    autoRemove: HostConfig.AutoRemove ?? false,
    orchestrated: Config.Labels?.['com.docker.swarm.task.id'] !== undefined,
    network: networkOf(HostConfig.NetworkMode ?? ''),
    networks,
    limits: limitsOf(info),
    sections: daemonSections(info, networks),
  };
}

function networkOf(mode: string): InspectedTarget['network'] {
  if (mode === 'host' || mode === 'none') return mode;
  return mode.startsWith('container:') ? { container: mode.slice('container:'.length) } : 'own';
}

/** As the API has it; dockerode's types leave some out. */
interface Attached {
  readonly NetworkID?: string;
  readonly IPAddress?: string;
  readonly GlobalIPv6Address?: string;
  readonly Gateway?: string;
  readonly IPv6Gateway?: string;
  readonly IPAMConfig?: Readonly<Record<string, string | readonly string[] | null>> | null;
  readonly GwPriority?: number;
  readonly Aliases?: readonly string[] | null;
  readonly Links?: readonly string[] | null;
  readonly DriverOpts?: Readonly<Record<string, string>> | null;
}

function networksOf({ Id, NetworkSettings }: ContainerInspectInfo): readonly NetworkFacts[] {
  const attached = Object.entries((NetworkSettings?.Networks ?? {}) as Record<string, Attached | null>);
  return attached.map(([name, network]) => ({
    name,
    id: network?.NetworkID ?? '',
    ipv4: network?.IPAddress ?? '',
    ipv6: network?.GlobalIPv6Address ?? '',
    gateway: network?.Gateway || network?.IPv6Gateway || '',
    asked: {
      ipam: given(network?.IPAMConfig ?? {}),
      aliases: [...new Set(network?.Aliases ?? [])].filter((alias) => !Id.startsWith(alias)),
      links: network?.Links ?? [],
      driverOpts: network?.DriverOpts ?? {},
      gatewayPriority: network?.GwPriority ?? 0,
    },
  }));
}

/** Without the parts that say nothing: an empty text or list is not set. */
function given(config: Readonly<Record<string, string | readonly string[] | null>>): NetworkSettings['ipam'] {
  const parts = Object.entries(config).filter(([, part]) => part !== null && part.length > 0);
  return Object.fromEntries(parts) as NetworkSettings['ipam'];
}

function limitsOf({ HostConfig: host }: ContainerInspectInfo): LimitFacts {
  return {
    nanoCpus: host.NanoCpus ?? 0,
    cpuQuota: host.CpuQuota ?? 0,
    cpuPeriod: host.CpuPeriod ?? 0,
    memory: bounded(host.Memory),
    memorySwap: bounded(host.MemorySwap),
    memoryReservation: host.MemoryReservation ?? 0,
  };
}

/** More than any machine has is how a limit that was taken away is written down (see kinds/memory.ts). */
const NO_LIMIT = 2 ** 62;
const bounded = (bytes: number | undefined): number => (bytes === undefined || bytes >= NO_LIMIT ? 0 : bytes);

/** What the daemon holds of a target that a fault may change: limits, state, networks. Pure. */
function daemonSections(info: ContainerInspectInfo, networks: readonly NetworkFacts[]): Snapshot {
  return {
    state: stateText(info),
    limits: limitLines(info),
    networks: networkLines(networks, aliasWords),
    'network addresses': networkLines(networks, addressWords),
    'network settings': networkLines(networks, settingWords),
  };
}

/** A figure of the section `limits` ("memory 52428800"), or null for "none". */
export function limitOf(section: string, name: string): number | null {
  const line = section.split('\n').find((text) => text.startsWith(`${name} `));
  const value = Number(line?.slice(name.length + 1));
  return Number.isFinite(value) ? value : null;
}

function stateText({ State: { Running, Paused, Status } }: ContainerInspectInfo): string {
  return Running ? (Paused ? 'paused' : 'running') : Status;
}

/** 0, -1 and absent all are "none" to the daemon. */
const limit = (value: number | null | undefined): string =>
  typeof value === 'number' && value > 0 && value < NO_LIMIT ? String(value) : 'none';

function limitLines({ HostConfig: host }: ContainerInspectInfo): string {
  const { NanoCpus, CpuQuota, CpuPeriod, CpuShares, CpusetCpus } = host;
  const { Memory, MemorySwap, MemoryReservation, PidsLimit, OomKillDisable } = host;
  return [
    `cpu nano ${limit(NanoCpus)}`,
    `cpu quota ${limit(CpuQuota)}`,
    `cpu period ${limit(CpuPeriod)}`,
    `cpu shares ${limit(CpuShares)}`,
    `cpu set ${CpusetCpus || 'all'}`,
    `memory ${limit(Memory)}`,
    `memory and swap ${limit(MemorySwap)}`,
    `memory reservation ${limit(MemoryReservation)}`,
    `oom killer ${OomKillDisable ? 'off' : 'on'}`,
    `pids ${limit(PidsLimit)}`,
  ].join('\n');
}

/** A line a network, in the order of their names. */
function networkLines(
  networks: readonly NetworkFacts[],
  line: (network: NetworkFacts) => readonly string[],
): string {
  return [...networks]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((network) => `${network.name} ${line(network).join(' ')}`)
    .join('\n');
}

const aliasWords = ({ asked: { aliases } }: NetworkFacts): readonly string[] => [
  'aliases',
  [...aliases].sort().join(',') || 'none',
];

/** What was asked for besides names. An address that nobody asked for is the daemon's, and stands above alone. */
function settingWords({
  asked: { ipam, links, driverOpts, gatewayPriority },
}: NetworkFacts): readonly string[] {
  const pairs = (record: Readonly<Record<string, string | readonly string[]>>): string =>
    Object.entries(record)
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join(',') || 'none';
  return [
    ...['address', pairs(ipam)],
    ...['links', [...links].sort().join(',') || 'none'],
    ...['options', pairs(driverOpts)],
    ...(gatewayPriority === 0 ? [] : ['gateway', String(gatewayPriority)]),
  ];
}

/** A container that does not run has no address. */
function addressWords({ ipv4, ipv6 }: NetworkFacts): readonly string[] {
  const addresses = [ipv4, ipv6].filter((address) => address !== '');
  return addresses.length > 0 ? addresses : ['none'];
}
