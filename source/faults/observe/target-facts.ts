import type { ContainerInspectInfo } from 'dockerode';
import type { LimitFacts, NetworkFacts, TargetFacts } from '../plan/surroundings.js';

/** What inspect says of a target, as facts. Pure. */
export function targetFacts(info: ContainerInspectInfo, memoryInUse: number | null): TargetFacts {
  const { Id, Name, State, HostConfig, Config } = info;
  return {
    identity: { id: Id, name: Name.replace(/^\//, ''), startedAt: State.StartedAt, network: null },
    running: State.Running && !State.Restarting,
    paused: State.Paused,
    autoRemove: HostConfig.AutoRemove ?? false,
    orchestrated: Config.Labels?.['com.docker.swarm.task.id'] !== undefined,
    network: networkOf(HostConfig.NetworkMode ?? ''),
    networks: networksOf(info),
    limits: limitsOf(info),
    memoryInUse,
  };
}

function networkOf(mode: string): TargetFacts['network'] {
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
    aliases: [...new Set(network?.Aliases ?? [])].filter((alias) => !Id.startsWith(alias)),
    links: network?.Links ?? [],
    driverOpts: network?.DriverOpts ?? {},
  }));
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

/** More than any machine has is how a limit that was taken away is written down (see memory.ts). */
const bounded = (bytes: number | undefined): number => (bytes === undefined || bytes >= 2 ** 62 ? 0 : bytes);
