/** Every source in one place. A new one is a folder beside this file and its entry here. */

import { conntrackSeries } from './conntrack/series.js';
import { dnsSeries, dnsWindows } from './dns/series.js';
import { httpSeries, httpWindows } from './http/series.js';
import { insideSeries } from './inside/series.js';
import { kernelSeries } from './kernel/series.js';
import { logsSeries } from './logs/series.js';
import { lookupsSeries } from './lookups/series.js';
import { matrixSeries } from './matrix/series.js';
import { postgresSeries } from './postgres/series.js';
import { redisSeries } from './redis/series.js';
import type {
  ConntrackSample,
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
  SocketsSample,
  SwarmSample,
} from './samples.js';
import { servicesSeries } from './services/series.js';
import { socketsSeries } from './sockets/series.js';
import type { Family, Registry, Source } from './source.js';
import { swarmSeries } from './swarm/series.js';

/** Five runs of most probes: one that is late is not old yet. */
const USUAL_OVERDUE_MS = 15_000;
/** A container's samples are let go this long (ms) after it was last seen: it is gone, and another may come. */
const FORGOTTEN_MS = 120_000;

const source = <Sample>(
  entry: Omit<Source<Sample>, 'overdueMs'> & { readonly overdueMs?: number },
): Source<Sample> => ({ overdueMs: USUAL_OVERDUE_MS, ...entry });
const family = <Sample>(
  entry: Omit<Family<Sample>, 'overdueMs'> & { readonly overdueMs?: number },
): Family<Sample> => ({ overdueMs: USUAL_OVERDUE_MS, ...entry });

/** By the name under which the newest samples are kept; the id of a source's probe is the same, or `<kind>:<name>`. */
export const sources = {
  services: source<ServicesSample>({
    title: 'Services',
    reads: 'cgroup files or docker stats, /proc/<pid>',
    series: servicesSeries,
  }),
  sockets: source<SocketsSample>({
    title: 'TCP sockets',
    reads: 'netlink sock_diag, else /proc/net/tcp, else systeminformation',
    series: socketsSeries,
  }),
  kernel: source<KernelSample>({
    title: 'Kernel counters',
    reads: '/proc/net/snmp, /proc/net/netstat',
    series: kernelSeries,
  }),
  conntrack: source<ConntrackSample>({
    title: 'Connection tracking',
    reads: '/proc/sys/net/netfilter/nf_conntrack_count, /proc/net/stat/nf_conntrack',
    series: conntrackSeries,
  }),
  /** By target. */
  http: family<HttpSample>({
    kind: 'http',
    title: 'HTTP requests',
    titleOf: (target) => target,
    reads: 'own sockets to each target',
    forgottenMs: null,
    series: httpSeries,
    windows: httpWindows,
  }),
  dns: source<DnsSample>({
    title: 'DNS lookups',
    reads: 'UDP and TCP to each resolver',
    series: dnsSeries,
    windows: dnsWindows,
  }),
  postgres: source<PostgresSample>({
    title: 'PostgreSQL',
    reads: 'SELECT 1 on a fresh connection',
    series: postgresSeries,
    whenFailed: [['postgres.selectOne', Number.NaN]],
  }),
  redis: source<RedisSample>({
    title: 'Redis',
    reads: 'PING on a fresh connection',
    series: redisSeries,
  }),
  logs: source<LogsSample>({
    title: 'Failure texts in logs',
    reads: 'output of the services',
    series: logsSeries,
  }),
  events: source<EventsSample>({
    title: 'What happened to workloads',
    reads: "the engine's events",
  }),
  swarm: source<SwarmSample>({
    title: 'Swarm services',
    reads: 'GET /services, /tasks, /nodes',
    series: swarmSeries,
  }),
  /** By container: its network as it sees it. */
  inside: family<InsideSample>({
    kind: 'inside',
    title: 'Inside each container',
    titleOf: (name) => `Inside ${name}`,
    reads:
      'sock_diag, /proc/sys/net and interfaces inside, /proc/<pid>/net, /proc/<pid>/root/etc/resolv.conf',
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
    // Ladders are climbed every 15 s while all is well.
    overdueMs: 60_000,
    forgottenMs: FORGOTTEN_MS,
    series: lookupsSeries,
  }),
  matrix: source<MatrixSample>({
    title: 'Who reaches whom',
    reads: 'TCP connect from inside each source',
    // A matrix of timeouts takes its time.
    overdueMs: 30_000,
    series: matrixSeries,
  }),
};

export type Sources = typeof sources;
/** A source by the name under which its newest samples are kept. */
export type SourceId = keyof Sources;
export type SampleOf<Id extends SourceId> =
  Sources[Id] extends Family<infer Sample>
    ? Sample
    : Sources[Id] extends Source<infer Sample>
      ? Sample
      : never;
/** Sources of which there are several probes. */
export type FamilyId = { [Id in SourceId]: Sources[Id] extends Family<never> ? Id : never }[SourceId];

/** What a probe's id stands for: its source, and the member's name where that is a family. */
export type Place =
  | { readonly field: string; readonly source: Source<unknown>; readonly name?: undefined }
  | { readonly field: string; readonly source: Family<unknown>; readonly name: string };

/** `{ field: 'lookups', name: 'api', … }` of `dns:api`, `{ field: 'dns', … }` of `dns`; undefined for no source's id. */
export function placeOf(probeId: string, registry: Registry = sources): Place | undefined {
  const colon = probeId.indexOf(':');
  if (colon === -1) {
    const own = Object.hasOwn(registry, probeId) ? registry[probeId] : undefined;
    return own && !isFamily(own) ? { field: probeId, source: own } : undefined;
  }
  const kind = probeId.slice(0, colon);
  for (const [field, one] of Object.entries(registry))
    if (isFamily(one) && one.kind === kind) return { field, source: one, name: probeId.slice(colon + 1) };
  return undefined;
}

export const isFamily = (one: Source<unknown> | Family<unknown>): one is Family<unknown> => 'kind' in one;

/** What a person calls the source of a probe; its id where no source has it. */
export function titleOf(probeId: string, registry: Registry = sources): string {
  const place = placeOf(probeId, registry);
  if (!place) return probeId;
  return place.name === undefined ? place.source.title : place.source.titleOf(place.name);
}

/** Where the source of a probe is read from, in general; nothing where no source has it. */
export function readsOf(probeId: string, registry: Registry = sources): string {
  return placeOf(probeId, registry)?.source.reads ?? '';
}

/** When a sample is stale (ms, by probe id) where the probe itself is not there to say: in a recording. */
export function usualOverdueMs(probeId: string, registry: Registry = sources): number {
  return placeOf(probeId, registry)?.source.overdueMs ?? USUAL_OVERDUE_MS;
}
