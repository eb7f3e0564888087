import type { ContainerInspectInfo } from 'dockerode';
import type { Snapshot } from '../fault-plan.js';

/** What the daemon holds of a target that a fault may change: limits, state, networks. Pure. */
export function daemonSections(info: ContainerInspectInfo, networks: readonly Attachment[]): Snapshot {
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

/** 0, -1 and absent all are "none" to the daemon, and so is more than any machine has: the kernel's own "no limit". */
const limit = (value: number | null | undefined): string =>
  typeof value === 'number' && value > 0 && value < 2 ** 62 ? String(value) : 'none';

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

/** A network that the target is on; an address is empty where there is none. */
interface Attachment {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly asked: NetworkSettings;
}

/** A line a network, in the order of their names. */
function networkLines(
  networks: readonly Attachment[],
  line: (network: Attachment) => readonly string[],
): string {
  return [...networks]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((network) => `${network.name} ${line(network).join(' ')}`)
    .join('\n');
}

const aliasWords = ({ asked: { aliases } }: Attachment): readonly string[] => [
  'aliases',
  [...aliases].sort().join(',') || 'none',
];

/** What was asked for besides names. An address that nobody asked for is the daemon's, and stands above alone. */
function settingWords({
  asked: { ipam, links, driverOpts, gatewayPriority },
}: Attachment): readonly string[] {
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
function addressWords({ ipv4, ipv6 }: Attachment): readonly string[] {
  const addresses = [ipv4, ipv6].filter((address) => address !== '');
  return addresses.length > 0 ? addresses : ['none'];
}
