/** Every source in one place. A new one is a folder beside this file and its entry here. */

import { createConntrackProbe } from './conntrack/conntrack-probe.js';
import { conntrackSeries } from './conntrack/series.js';
import { datastoresSeries } from './datastores/series.js';
import { createWatchedDatastores } from './datastores/watched-datastores.js';
import { createHostDnsProbe } from './dns/host-dns-probe.js';
import { dnsSeries, dnsWindows } from './dns/series.js';
import { atDoor, serverDoor } from './doors/at-door.js';
import { createEventsProbe } from './events/events-probe.js';
import { httpDoor } from './http/http-door.js';
import { createHttpProbe } from './http/http-probe.js';
import { httpSeries, httpWindows } from './http/series.js';
import { insideSeries } from './inside/series.js';
import { createKernelProbe } from './kernel/kernel-probe.js';
import { kernelSeries } from './kernel/series.js';
import { createLogsProbe } from './logs/logs-probe.js';
import { logsSeries } from './logs/series.js';
import { lookupsSeries } from './lookups/series.js';
import { matrixSeries } from './matrix/series.js';
import { createPostgresProbe } from './postgres/postgres-probe.js';
import { postgresSeries } from './postgres/series.js';
import { createRedisProbe } from './redis/redis-probe.js';
import { redisSeries } from './redis/series.js';
import type {
  ConntrackSample,
  DatastoresSample,
  DnsSample,
  EventsSample,
  HttpSample,
  InsideDnsSample,
  InsideSample,
  KernelSample,
  LogsSample,
  MatrixSample,
  PostgresSample,
  RedisSample,
  ServicesSample,
  SettingsSample,
  SocketsSample,
  SwarmSample,
  UnitsSample,
} from './samples.js';
import { servicesSeries } from './services/series.js';
import { createWatchedServices } from './services/watched-services.js';
import { clientOf } from './session.js';
import { createSettingsProbe } from './settings/settings-probe.js';
import { socketsSeries } from './sockets/series.js';
import { createWatchedSockets } from './sockets/watched-sockets.js';
import type { Family, Source } from './source.js';
import { swarmSeries } from './swarm/series.js';
import { createSwarmProbe } from './swarm/swarm-probe.js';
import { unitsSeries } from './units/series.js';
import { createUnitsProbe } from './units/units-probe.js';

/** Five runs of most probes: one that is late is not old yet. */
export const USUAL_OVERDUE_MS = 15_000;
/** A container's samples are let go this long (ms) after it was last seen: it is gone, and another may come. */
const FORGOTTEN_MS = 120_000;

const source = <Sample>(
  entry: Omit<Source<Sample>, 'overdueMs'> & { readonly overdueMs?: number },
): Source<Sample> => ({ overdueMs: USUAL_OVERDUE_MS, ...entry });
const family = <Sample>(
  entry: Omit<Family<Sample>, 'overdueMs'> & { readonly overdueMs?: number },
): Family<Sample> => ({ overdueMs: USUAL_OVERDUE_MS, ...entry });

/**
 * By the name under which the newest samples are kept; the id of a source's probe is the same, or `<kind>:<name>`. A
 * session begins with its probes in this order.
 */
export const sources = {
  /** By target. */
  http: family<HttpSample>({
    kind: 'http',
    title: 'HTTP requests',
    titleOf: (target) => target,
    reads: 'own sockets to each target',
    asks: ['target'],
    probes: ({ settings, clock, doors }) =>
      settings.targets.map(({ name, url, ca }) =>
        atDoor(
          createHttpProbe({ target: name, url, clock, ...(ca === undefined ? {} : { ca }) }),
          doors,
          httpDoor(name, url),
        ),
      ),
    // Targets of one listener wait for each other, each as long as its patience at worst.
    overdueMs: 30_000,
    forgottenMs: null,
    series: httpSeries,
    windows: httpWindows,
  }),
  dns: source<DnsSample>({
    title: 'DNS lookups',
    reads: 'UDP and TCP to each resolver',
    asks: ['name', 'target'],
    probes: (session) => [createHostDnsProbe(session)],
    series: dnsSeries,
    windows: dnsWindows,
  }),
  postgres: source<PostgresSample>({
    title: 'PostgreSQL',
    reads: 'SELECT 1 on a fresh connection',
    asks: ['database'],
    probes: ({ settings, clock, doors }) =>
      settings.databases.map(({ reserve, ...login }) => {
        const above = reserve ? { superuser: reserve.user, superuserPassword: reserve.password } : {};
        return atDoor(createPostgresProbe({ ...login, ...above, clock }), doors, serverDoor(login));
      }),
    series: postgresSeries,
    whenFailed: [['postgres.selectOne', Number.NaN]],
  }),
  redis: source<RedisSample>({
    title: 'Redis',
    reads: 'PING on a fresh connection',
    asks: ['redis'],
    probes: ({ settings, clock, doors }) =>
      settings.redis.map((server) =>
        atDoor(createRedisProbe({ ...server, clock }), doors, serverDoor(server)),
      ),
    series: redisSeries,
  }),
  /** Without a login, wherever one is seen. */
  datastores: source<DatastoresSample>({
    title: 'Databases and brokers',
    reads: 'listeners and processes of every network here; the first words of a handshake',
    // One that is silent takes its time, and each is asked on its own.
    overdueMs: 30_000,
    probes: (session) => [createWatchedDatastores(session)],
    series: datastoresSeries,
  }),
  services: source<ServicesSample>({
    title: 'Services',
    reads: 'cgroup files or docker stats, /proc/<pid>',
    oneSampleLacks: 'CPU and throttling in percent: they are between two looks',
    probes: ({ engine, clock }) => (engine ? [createWatchedServices(engine, clock)] : []),
    series: servicesSeries,
  }),
  logs: source<LogsSample>({
    title: 'Failure texts in logs',
    reads: 'output of the services',
    oneSampleLacks: 'what was logged before the look began',
    listens: true,
    probes: ({ engine, clock }) =>
      engine ? [createLogsProbe({ subscribe: (listener) => engine.onLog(listener), clock })] : [],
    series: logsSeries,
  }),
  events: source<EventsSample>({
    title: 'What happened to workloads',
    reads: "the engine's events",
    oneSampleLacks: 'what happened before the look began',
    listens: true,
    probes: ({ engine, clock }) => (engine && clientOf(engine) ? [createEventsProbe({ engine, clock })] : []),
  }),
  swarm: source<SwarmSample>({
    title: 'Swarm services',
    reads: 'GET /services, /tasks, /nodes',
    probes({ engine }) {
      const docker = engine && clientOf(engine);
      return docker ? [createSwarmProbe({ docker })] : [];
    },
    series: swarmSeries,
  }),
  units: source<UnitsSample>({
    title: 'systemd services',
    reads: 'systemctl show',
    // Three runs.
    overdueMs: 45_000,
    probes: ({ settings, clock }) => (settings.workloadsOnly ? [] : [createUnitsProbe({ clock })]),
    series: unitsSeries,
  }),
  sockets: source<SocketsSample>({
    title: 'TCP sockets',
    reads: 'netlink sock_diag, else /proc/net/tcp, else systeminformation',
    probes: (session) => [createWatchedSockets(session)],
    series: socketsSeries,
  }),
  kernel: source<KernelSample>({
    title: 'Kernel counters',
    reads: '/proc/net/snmp, /proc/net/netstat',
    oneSampleLacks: 'rates: its counters are totals since the network began',
    probes: () => [createKernelProbe()],
    series: kernelSeries,
  }),
  conntrack: source<ConntrackSample>({
    title: 'Connection tracking',
    reads: '/proc/sys/net/netfilter/nf_conntrack_count, /proc/net/stat/nf_conntrack',
    oneSampleLacks: 'rates: drop, earlyDrop and insertFailed are totals',
    probes: () => [createConntrackProbe()],
    series: conntrackSeries,
  }),
  settings: source<SettingsSample>({
    title: 'Settings of this host',
    reads: '/etc/resolv.conf, /proc/net/route, /sys/class/net, /proc/<pid>/limits, nft list ruleset',
    // Three runs.
    overdueMs: 180_000,
    probes: ({ settings }) => (settings.workloadsOnly ? [] : [createSettingsProbe()]),
  }),
  /** By container: its network as it sees it. */
  inside: family<InsideSample>({
    kind: 'inside',
    title: 'Inside each container',
    titleOf: (name) => `Inside ${name}`,
    reads:
      'sock_diag, /proc/sys/net and interfaces inside, /proc/<pid>/net, /proc/<pid>/root/etc/resolv.conf',
    asks: ['on'],
    oneSampleLacks: 'rates: its counters are totals since the network began',
    overdueMs: 30_000,
    forgottenMs: FORGOTTEN_MS,
    series: insideSeries,
  }),
  /** By container: its lookups, asked from inside. */
  lookups: family<InsideDnsSample>({
    kind: 'dns',
    title: 'DNS lookups inside each container',
    titleOf: (name) => `DNS lookups inside ${name}`,
    reads: 'the nameservers of its resolv.conf, asked from inside',
    asks: ['name'],
    // Names are resolved every 15 s while all is well.
    overdueMs: 60_000,
    forgottenMs: FORGOTTEN_MS,
    series: lookupsSeries,
  }),
  matrix: source<MatrixSample>({
    title: 'Connectivity',
    reads: 'TCP connect from inside each source',
    takes: ['edge'],
    // A matrix of timeouts takes its time.
    overdueMs: 30_000,
    series: matrixSeries,
  }),
};

export type Sources = typeof sources;
/** A source by the name under which its newest samples are kept. */
export type SourceId = keyof Sources;
export type SampleOf<Id extends SourceId> = Sources[Id] extends Source<infer Sample> ? Sample : never;
/** Sources of which there are several probes. */
export type FamilyId = {
  [Id in SourceId]: Sources[Id] extends { readonly kind: string } ? Id : never;
}[SourceId];
