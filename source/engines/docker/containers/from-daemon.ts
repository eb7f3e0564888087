import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { WorkloadState } from '../../engine.js';
import { inspectedAnswer, listedAnswer } from './daemon-answers.js';
import type {
  ContainerHealth,
  ContainerLimits,
  ContainerNetwork,
  DockerContainer,
  FailingCheck,
  PublishedPort,
} from './docker-container.js';

/** What a list of the daemon tells of one container; its limits, pid and exits come with the details. */
export type ListedContainer = Pick<
  DockerContainer,
  | 'id'
  | 'name'
  | 'status'
  | 'state'
  | 'health'
  | 'image'
  | 'labels'
  | 'composeProject'
  | 'composeService'
  | 'networks'
  | 'networkMode'
  | 'publishedPorts'
  | 'ports'
>;

/** What an inspection adds. */
export interface ContainerDetails extends ListedContainer {
  readonly pid: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly exitCode: number | null;
  readonly error: string;
  readonly oomKilled: boolean;
  readonly restartCount: number;
  readonly restartPolicy: string;
  readonly limits: ContainerLimits;
  readonly tty: boolean;
  readonly createdAt: number | null;
  /** It is removed as soon as it ends (`--rm`). */
  readonly autoRemove: boolean;
  readonly check: FailingCheck | null;
}

/** Docker's word for a state in ours: one that waits for its health or its next try is starting. */
export function stateOf(status: string, health: ContainerHealth): WorkloadState {
  if (status === 'running') return health === 'starting' ? 'starting' : 'running';
  if (status === 'restarting') return 'starting';
  if (status === 'removing') return 'stopping';
  if (status === 'paused') return 'paused';
  return status === 'exited' || status === 'created' || status === 'dead' ? 'exited' : 'unknown';
}

/** One row of GET /containers/json. Whatever a daemon leaves out, or sends as another kind, is empty, never an error. */
export function fromList(answer: ContainerInfo): ListedContainer {
  const info = listedAnswer(answer);
  const said = /\((?:health: )?(starting|healthy|unhealthy)\)/.exec(info.Status ?? '')?.[1];
  const labels = info.Labels ?? {};
  const health = (said ?? 'none') as ContainerHealth;
  const ports = (info.Ports ?? []).map(({ IP, PrivatePort, PublicPort, Type }) => ({
    protocol: Type,
    port: PrivatePort,
    hostAddress: IP || null,
    hostPort: PublicPort ?? null,
  }));
  return {
    ...common(info.Id, info.Names?.[0], info.Image, labels, health, info.State ?? ''),
    networks: networksOf(info.NetworkSettings?.Networks),
    networkMode: info.HostConfig?.NetworkMode ?? '',
    ...portsOf(ports),
  };
}

/** The answer of GET /containers/<id>/json. */
export function fromInspect(answer: ContainerInspectInfo): ContainerDetails {
  const info = inspectedAnswer(answer);
  const { State: state, HostConfig: host, Config: config } = info;
  const said = state.Health?.Status;
  const health: ContainerHealth =
    said === 'starting' || said === 'healthy' || said === 'unhealthy' ? said : 'none';
  const finishedAt = timeOf(state.FinishedAt);
  return {
    ...common(info.Id, info.Name, config?.Image ?? info.Image, config?.Labels ?? {}, health, state.Status),
    networks: networksOf(info.NetworkSettings?.Networks),
    networkMode: host?.NetworkMode ?? '',
    ...portsOf(inspectedPorts(info)),
    pid: state.Pid > 0 ? state.Pid : null,
    startedAt: timeOf(state.StartedAt),
    finishedAt,
    // A running container says 0 here, whatever its last exit was.
    exitCode: state.Running || (finishedAt === null && !state.Error) ? null : state.ExitCode,
    error: state.Error ?? '',
    oomKilled: state.OOMKilled === true,
    restartCount: info.RestartCount ?? 0,
    restartPolicy: policyOf(host?.RestartPolicy),
    limits: limitsOf(host),
    tty: config?.Tty === true,
    createdAt: timeOf(info.Created),
    autoRemove: host?.AutoRemove === true,
    check: health === 'unhealthy' ? checkOf(state.Health) : null,
  };
}

function common(
  id: string,
  name: string | undefined,
  image: string,
  labels: Record<string, string>,
  health: ContainerHealth,
  status: string,
) {
  return {
    id,
    name: (name ?? '').replace(/^\//, '') || id.slice(0, 12),
    image,
    labels,
    composeProject: labels['com.docker.compose.project'] ?? null,
    composeService: labels['com.docker.compose.service'] ?? null,
    health,
    status,
    state: stateOf(status, health),
  };
}

type Networks = Record<
  string,
  {
    IPAddress?: string;
    GlobalIPv6Address?: string;
    Aliases?: string[] | null;
    /** Every name there, since Docker 25: an alias is among them, the container's own name too. */
    DNSNames?: string[] | null;
  } | null
>;

function networksOf(networks: Networks | undefined): readonly ContainerNetwork[] {
  return Object.entries(networks ?? {})
    .map(([name, network]) => ({
      name,
      address: network?.IPAddress || network?.GlobalIPv6Address || null,
      ...aliasesOf(network?.Aliases, network?.DNSNames),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function aliasesOf(aliases: string[] | null = null, names: string[] | null = null) {
  return aliases || names ? { aliases: [...new Set([...(aliases ?? []), ...(names ?? [])])] } : {};
}

/** Of a container that does not run: the ports it was made with, for Docker tells of the others only while it does. */
function inspectedPorts({
  NetworkSettings: settings,
  State,
  HostConfig,
  Config,
}: ContainerInspectInfo): PublishedPort[] {
  const told = settings?.Ports ?? {};
  const asked: typeof told = { ...(Config?.ExposedPorts as typeof told), ...HostConfig?.PortBindings };
  return Object.entries(State.Pid > 0 ? told : { ...asked, ...told }).flatMap(([key, bindings]) => {
    const [number, protocol = 'tcp'] = key.split('/');
    const inside = { protocol, port: Number(number) };
    // Exposed only: null, or the empty object of the configuration.
    if (!Array.isArray(bindings) || bindings.length === 0)
      return [{ ...inside, hostAddress: null, hostPort: null }];
    return bindings.map(({ HostIp, HostPort }) => ({
      ...inside,
      hostAddress: HostIp || null,
      hostPort: Number(HostPort) || null,
    }));
  });
}

/** The contract's ports are those that a host can reach; the inside of the container is in `publishedPorts`. */
function portsOf(found: readonly PublishedPort[]): Pick<ListedContainer, 'ports' | 'publishedPorts'> {
  const publishedPorts = [...found].sort((a, b) => a.port - b.port || (a.hostPort ?? 0) - (b.hostPort ?? 0));
  const seen = new Map<string, { protocol: 'tcp' | 'udp'; port: number }>();
  for (const { protocol, hostPort } of publishedPorts) {
    if (hostPort === null || (protocol !== 'tcp' && protocol !== 'udp')) continue;
    seen.set(`${protocol}/${hostPort}`, { protocol, port: hostPort });
  }
  return { publishedPorts, ports: [...seen.values()] };
}

/** Longest part of a check's output that is kept: the end says why it failed. */
const MOST_OUTPUT = 2_000;

/** What the newest checks said; Docker keeps five of them (moby daemon/health.go, maxLogEntries). */
function checkOf(health: ContainerInspectInfo['State']['Health']): FailingCheck {
  const told: readonly unknown[] = Array.isArray(health?.Log) ? health.Log : [];
  const log = told.map((one) => (one ?? {}) as { Start?: unknown; ExitCode?: unknown; Output?: unknown });
  const last = log.at(-1);
  const streak = Number.isInteger(health?.FailingStreak) ? (health?.FailingStreak as number) : 0;
  return {
    streak,
    since: failingSince(
      log.map(({ Start }) => timeOf(Start)),
      streak,
    ),
    exitCode: Number.isInteger(last?.ExitCode) ? (last?.ExitCode as number) : null,
    output: typeof last?.Output === 'string' ? last.Output.slice(-MOST_OUTPUT) : '',
  };
}

/** When the first check of a streak began; of one longer than the log, by the pace of those that are still in it. */
function failingSince(starts: readonly (number | null)[], streak: number): number | null {
  const known = starts.slice(-Math.max(1, streak));
  const [first = null] = known;
  const last = known.at(-1) ?? null;
  if (first === null || last === null || streak <= known.length || known.length < 2) return first;
  return Math.round(first - ((last - first) / (known.length - 1)) * (streak - known.length));
}

/** Docker's zero time is the year 1. */
function timeOf(text: unknown): number | null {
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) && at > 0 ? at : null;
}

function policyOf(policy: { Name?: string; MaximumRetryCount?: number } | undefined): string {
  const name = policy?.Name || 'no';
  return policy?.MaximumRetryCount ? `${name}:${policy.MaximumRetryCount}` : name;
}

function limitsOf(host: ContainerInspectInfo['HostConfig'] | undefined): ContainerLimits {
  const quota = host?.CpuQuota && host.CpuQuota > 0 ? host.CpuQuota / (host.CpuPeriod || 100_000) : null;
  return {
    memoryBytes: host?.Memory ? host.Memory : null,
    cpus: host?.NanoCpus ? host.NanoCpus / 1e9 : quota,
    pids: host?.PidsLimit && host.PidsLimit > 0 ? host.PidsLimit : null,
  };
}
