import type { ContainerInspectInfo } from 'dockerode';
import type { Snapshot } from '../fault-plan.js';

/** What the daemon holds of a target that a fault may change: limits, state, networks. Pure. */
export function fromDaemon(info: ContainerInspectInfo): Snapshot {
  return {
    state: stateText(info),
    limits: limitLines(info),
    networks: networkLines(info),
    'network addresses': addressLines(info),
  };
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

interface Attached {
  readonly IPAddress?: string;
  readonly GlobalIPv6Address?: string;
  readonly Aliases?: readonly string[] | null;
}

type Networks = Record<string, Attached | null>;

const attachments = ({ NetworkSettings }: ContainerInspectInfo): [string, Attached | null][] =>
  Object.entries((NetworkSettings?.Networks ?? {}) as Networks).sort(([a], [b]) => (a < b ? -1 : 1));

/** A line a network; of the aliases the container's own short id, which the daemon adds by itself, is left out. */
function networkLines(info: ContainerInspectInfo): string {
  return attachments(info)
    .map(([name, attached]) => {
      const aliases = [...new Set(attached?.Aliases ?? [])].filter((alias) => !info.Id.startsWith(alias));
      return `${name} aliases ${aliases.sort().join(',') || 'none'}`;
    })
    .join('\n');
}

/** A line a network; a container that does not run has no address on it. */
function addressLines(info: ContainerInspectInfo): string {
  return attachments(info)
    .map(([name, attached]) => {
      const addresses = [attached?.IPAddress, attached?.GlobalIPv6Address].filter(Boolean);
      return `${name} ${addresses.join(' ') || 'none'}`;
    })
    .join('\n');
}
