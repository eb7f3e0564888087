import type {
  ConntrackSample,
  ContainerFacts,
  DnsLateAnswer,
  DnsOutcome,
  DnsSample,
  HttpFailure,
  HttpSample,
  KernelSample,
  LogMatchKind,
  LogsSample,
  PostgresSample,
  ServiceSample,
  ServicesSample,
  SocketsSample,
} from '../../source/probes/samples.js';
import { KERNEL_COUNTERS } from '../../source/probes/samples.js';

/** Plausible probe samples, as the real probes return them. */

export const APP = '127.0.0.1:5000';
export const RESOLVER = '127.0.0.1:5353';
export const DATABASE = '127.0.0.1:5432';
export const NAME = 'postgres.lab.internal';
export const TARGETS = ['GET /', 'GET /test-db', 'GET /todos'] as const;

const PHASES = { dns: null, connect: null, tls: null, firstByte: null, transfer: null };

export function http(target: string, failure?: HttpFailure, status: number | null = null): HttpSample {
  const connected = failure?.phase !== 'connect' && failure?.phase !== 'dns';
  const ok = failure === undefined;
  return {
    target,
    url: `http://${APP}${target.split(' ')[1] ?? '/'}`,
    ok,
    status: ok ? 200 : status,
    failure: failure ?? null,
    phases: {
      ...PHASES,
      connect: connected ? 0.4 : null,
      firstByte: ok ? 45 : null,
      transfer: ok ? 1 : null,
    },
    totalMs: ok ? 48 : failure.kind === 'timeout' ? 5000 : 1,
    address: connected ? APP : null,
  };
}

export const HANG: HttpFailure = { kind: 'timeout', phase: 'firstByte', text: 'no first byte after 5.0 s' };
export const REFUSED: HttpFailure = {
  kind: 'refused',
  phase: 'connect',
  text: `${APP} refused the connection`,
};
export const ERROR_500: HttpFailure = { kind: 'status', phase: 'transfer', text: 'status 500' };

/** All three targets at once, by probe id. */
export const everyTarget = (failure?: HttpFailure, status: number | null = null) =>
  Object.fromEntries(TARGETS.map((target) => [`http:${target}`, http(target, failure, status)]));

interface Lookup {
  readonly outcome?: DnsOutcome;
  readonly ms?: number;
  readonly late?: readonly number[];
  readonly lateOutcome?: DnsOutcome;
  readonly name?: string;
  readonly resolver?: string;
}

export function dns({
  outcome = 'NOERROR',
  ms = 42,
  late = [],
  lateOutcome,
  name = NAME,
  resolver = RESOLVER,
}: Lookup = {}): DnsSample {
  const good = outcome === 'NOERROR';
  const answers: DnsLateAnswer[] = late.map((wait) => ({
    qname: name,
    qtype: 'A',
    outcome: lateOutcome ?? 'NOERROR',
    ms: wait,
  }));
  return {
    search: [],
    ndots: 1,
    names: [
      {
        name,
        resolver,
        patienceMs: 2000,
        resolved: good,
        totalMs: ms,
        late: answers,
        steps: [
          { qname: name, qtype: 'A', outcome, ms, addresses: good ? ['127.0.0.1'] : [] },
          { qname: name, qtype: 'AAAA', outcome: good ? 'NODATA' : outcome, ms, addresses: [] },
        ],
      },
    ],
  };
}

/** One name asked of several nameservers, in their order. */
export const nameservers = (...asked: readonly Lookup[]): DnsSample => ({
  ...dns(),
  names: asked.flatMap((lookup, i) => dns({ resolver: `127.0.0.${i + 1}:53`, ...lookup }).names),
});

export function postgres(over: Partial<PostgresSample> = {}): PostgresSample {
  return {
    address: DATABASE,
    selectOneMs: 2,
    connectMs: 4,
    connections: 1,
    maxConnections: 100,
    reserved: 3,
    holders: [{ application: 'todo-app', state: 'active', count: 1 }],
    failure: null,
    ...over,
  };
}

const unreached = {
  selectOneMs: null,
  connectMs: null,
  connections: null,
  maxConnections: null,
  reserved: null,
  holders: [],
};
export const POSTGRES_GONE = postgres({
  ...unreached,
  failure: { kind: 'refused', text: `${DATABASE} refused the connection` },
});
export const POSTGRES_SILENT = postgres({
  ...unreached,
  failure: { kind: 'timeout', text: 'no answer in 2.0 s' },
});
export const POSTGRES_FULL = postgres({
  selectOneMs: null,
  connectMs: null,
  connections: 97,
  holders: [{ application: 'report-job', state: 'idle', count: 97 }],
  failure: { kind: 'too-many-connections', text: 'sorry, too many clients already' },
});

const service = (name: string, port: number, protocol: 'tcp' | 'udp'): ServiceSample => ({
  name,
  state: 'running',
  pid: port,
  ageMs: 60_000,
  cpuPercent: 3,
  memoryBytes: 50_000_000,
  openFds: 40,
  fdLimit: 1024,
  restarts: 0,
  lastExit: null,
  ports: [{ protocol, port }],
  processState: 'S',
});

/** The lab's services under names that no rule may know; `over` changes some of them. */
export function services(over: Readonly<Record<string, Partial<ServiceSample>>> = {}): ServicesSample {
  const all = [service('shop', 5000, 'tcp'), service('names', 5353, 'udp'), service('store', 5432, 'tcp')];
  return { services: all.map((one) => ({ ...one, ...over[one.name] })), means: '/proc', missing: [] };
}

/** What a container has besides; a service with it is one of Docker's. */
export function containerFacts(over: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    id: 'a'.repeat(64),
    image: 'shop:1',
    status: 'running',
    health: 'none',
    restartPolicy: 'no',
    composeProject: null,
    networks: [],
    publishedPorts: [],
    limits: { memoryBytes: null, cpus: null, pids: null },
    pids: 3,
    throttling: null,
    throttledPercent: null,
    oomKills: 0,
    ...over,
  };
}

export const FROZEN: Partial<ServiceSample> = { processState: 'T', cpuPercent: 0 };
export const KILLED: Partial<ServiceSample> = {
  state: 'exited',
  pid: null,
  processState: null,
  lastExit: { code: null, signal: 'SIGKILL', at: 1, meaning: 'killed (SIGKILL)' },
};

interface Sockets {
  readonly askers?: number;
  readonly queued?: number;
  readonly backlog?: number | null;
  readonly closeWait?: number;
  readonly listening?: boolean;
}

export function sockets({
  askers = 0,
  queued = 0,
  backlog = 511,
  closeWait = 0,
  listening = true,
}: Sockets = {}): SocketsSample {
  const total = { ESTAB: 30, 'CLOSE-WAIT': closeWait, 'TIME-WAIT': 80, LISTEN: 3 };
  return {
    means: 'netlink sock_diag',
    v4: total,
    v6: {},
    total,
    perService: [{ service: 'shop', byState: { 'CLOSE-WAIT': closeWait }, inbound: 3, outbound: 1 }],
    topPeers: { 'CLOSE-WAIT': [], 'SYN-SENT': [], 'SYN-RECV': [] },
    listeners: listening ? [{ service: 'shop', address: '127.0.0.1', port: 5000, queued, backlog }] : [],
    dnsAskers: [{ resolver: RESOLVER, count: askers }],
    missing: [],
  };
}

/** Counters since boot; `over` gives some of them. */
/** Where nothing else is said every segment carries data. */
export function kernel(over: Readonly<Record<string, number>> = {}): KernelSample {
  const given: Readonly<Record<string, number>> = {
    'TcpExt.TCPOrigDataSent': over['Tcp.OutSegs'] ?? 0,
    ...over,
  };
  const counters = Object.fromEntries(KERNEL_COUNTERS.map((name) => [name, given[name] ?? 0]));
  return { counters: counters as KernelSample['counters'], means: '/proc/net/snmp' };
}

export const conntrack = (fill: number, drop = 0): ConntrackSample => ({
  count: Math.round(fill * 262_144),
  max: 262_144,
  fill,
  drop,
  earlyDrop: 0,
  insertFailed: 0,
  timeouts: {},
});

export const logs = (kind: LogMatchKind, lastLine: string, recent = 20): LogsSample => ({
  matches: [{ service: 'shop', kind, recent, total: recent, lastLine, lastAt: 1 }],
});
