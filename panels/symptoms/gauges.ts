import { isSickLookup } from '../../source/store/signs/lookup.js';
import type { FaultlineState } from '../../source/store/state.js';
import { count, duration, percent, percentOf } from '../../source/terminal/format.js';
import type { Level } from '../widgets/levels.js';
import { databaseVerdict } from './database.js';
import type { Gauge, Verdict } from './gauge.js';
import { judgeReached, reachedText } from './reached.js';

const always = () => true;
const probe = (name: string) => (id: string) => id === name;
const above = (level: Level, limit: number, word: string) => (value: number) =>
  value > limit ? { level, word } : OK;
const below = (level: Level, limit: number, word: string) => (value: number) =>
  value < limit ? { level, word } : OK;
const OK: Verdict = { level: 'ok', word: 'ok' };

const lab = (state: FaultlineState) => state.lab?.counters;

/** Half of the lookups at once that Docker's resolver used to allow (libnetwork, maxConcurrent 100). */
const MANY_ASKERS = 50;

/** What counts a while is sick only while the newest reading is as well; else it is worth a look. */
const whileSo =
  (judge: (value: number) => Verdict, isSo: (state: FaultlineState) => boolean) =>
  (value: number, state: FaultlineState): Verdict => {
    const verdict = judge(value);
    return verdict.level === 'critical' && !isSo(state) ? { ...verdict, level: 'notice' } : verdict;
  };
const targetFails = ({ latest }: FaultlineState): boolean =>
  Object.values(latest.http).some(({ sample, stale }) => !sample.ok && !stale);
const lookupIsSick = ({ latest: { dns } }: FaultlineState): boolean =>
  dns !== undefined && !dns.stale && dns.sample.names.some((name) => isSickLookup(dns.sample.names, name));

/** The gauges in the order they are drawn. Thresholds carry their origin. */
export const GAUGES: readonly Gauge[] = [
  {
    id: 'http-success',
    title: 'HTTP success',
    signal: 'http.success',
    probe: (id) => id.startsWith('http:'),
    applies: always,
    format: percentOf,
    judge: whileSo((value) => {
      if (value < 0.05) return { level: 'critical', word: 'below 5 %: outage' };
      return value < 0.95 ? { level: 'critical', word: 'below 95 %' } : OK;
    }, targetFails),
    threshold: 'at least 95 %',
    source: 'an error rate above 95 % is an outage (Container Networking Exhaustion document)',
    worst: 'low',
    full: 1,
  },
  {
    id: 'http-p99',
    title: 'HTTP p99',
    signal: 'http.p99',
    probe: (id) => id.startsWith('http:'),
    applies: always,
    format: duration,
    judge: above('notice', 1_000, 'above 1 s'),
    threshold: 'at most 1 s',
    source: 'response-time limits, Nielsen 1993: after 1 s the flow of thought breaks',
    worst: 'high',
    full: 5_000,
  },
  {
    id: 'dns-p95',
    title: 'DNS p95',
    signal: 'dns.p95',
    probe: probe('dns'),
    applies: always,
    format: duration,
    judge: above('notice', 1_000, 'above 1 s'),
    threshold: 'at most 1 s',
    source: 'shortest patience of common stub resolvers; glibc waits 5 s (resolv.conf(5))',
    worst: 'high',
    full: 2_000,
  },
  {
    id: 'dns-answered',
    title: 'DNS answered',
    signal: 'dns.answered',
    probe: probe('dns'),
    applies: always,
    format: percentOf,
    judge: whileSo(below('critical', 0.9, 'below 90 %'), lookupIsSick),
    threshold: 'at least 90 %',
    source: 'share of queries answered while the client waits',
    worst: 'low',
    full: 1,
  },
  {
    id: 'reached',
    title: 'Reachable',
    signal: 'matrix.reached',
    probe: probe('matrix'),
    applies: (state) => state.latest.matrix !== undefined,
    format: reachedText,
    judge: judgeReached,
    threshold: 'every container reaches what it needs',
    source: 'connections tried from inside each container (panel m)',
    worst: 'low',
    full: 1,
  },
  {
    id: 'lookups-inside',
    title: 'DNS inside',
    signal: 'lookups.resolved',
    probe: (id) => id.startsWith('dns:'),
    applies: (state) =>
      Object.values(state.latest.lookups ?? {}).some(({ sample }) => sample.names.length > 0),
    format: percentOf,
    judge: below('critical', 1, 'names fail'),
    threshold: 'every name resolves',
    source: 'names looked up from inside each container (panel 4)',
    worst: 'low',
    full: 1,
  },
  {
    id: 'resolver-queue',
    title: 'Resolver queue',
    signal: 'lab.queue',
    pointsOf: (state) => state.lab?.queue ?? [],
    probe: probe('lab'),
    applies: (state) => lab(state)?.resolver != null,
    format: (value, state) => `${count(value)}/${count(lab(state)?.resolver?.queueMax ?? 0)}`,
    judge: (value, state) => {
      const most = lab(state)?.resolver?.queueMax ?? Number.POSITIVE_INFINITY;
      if (value >= most * 0.95) return { level: 'critical', word: 'full' };
      return value > most / 2 ? { level: 'warning', word: 'more than half' } : OK;
    },
    threshold: 'at most half',
    source: "the lab's resolver drops queries when its queue is full",
    worst: 'high',
    full: 256,
  },
  {
    id: 'in-flight',
    title: 'In flight',
    signal: 'lab.inFlight',
    pointsOf: (state) => state.lab?.inFlight ?? [],
    probe: probe('lab'),
    applies: (state) => lab(state)?.app != null,
    format: (value, state) => `${count(value)}/${count(lab(state)?.app?.slots ?? 0)}`,
    judge: (value, state) => {
      const slots = lab(state)?.app?.slots ?? Number.POSITIVE_INFINITY;
      if (value < slots) return OK;
      return {
        level: 'critical',
        word: value > slots ? `full, ${count(value - slots)} wait` : 'no free slot',
      };
    },
    threshold: 'less than its slots',
    source: 'every route of the lab shares its worker slots',
    worst: 'high',
    full: 64,
  },
  {
    id: 'askers',
    title: 'Pending DNS',
    signal: 'sockets.askers',
    probe: probe('sockets'),
    applies: always,
    format: (value) => count(value),
    judge: (value) => (value >= MANY_ASKERS ? { level: 'notice', word: 'many wait' } : OK),
    threshold: `under ${MANY_ASKERS}`,
    source: 'half of what Docker used to resolve at once (libnetwork, maxConcurrent 100)',
    worst: 'high',
    full: 150,
  },
  {
    id: 'database',
    title: 'Database',
    signal: 'postgres.connections',
    probe: probe('postgres'),
    applies: (state) => state.latest.postgres !== undefined || state.probes.postgres !== undefined,
    format: (value, state) => {
      const most = state.latest.postgres?.sample.maxConnections;
      return most ? `${count(value)}/${count(most)}` : count(value);
    },
    judge: (_, state) => databaseVerdict(state),
    threshold: 'at most 80 % of connections',
    source: 'max_connections less what is reserved (PostgreSQL manual, 19.3.1)',
    worst: 'high',
    full: 100,
  },
  {
    id: 'close-wait',
    title: 'CLOSE-WAIT',
    signal: 'sockets.CLOSE-WAIT',
    probe: probe('sockets'),
    applies: always,
    format: count,
    judge: (value) => (value >= 50 ? { level: 'warning', word: '50 or more' } : OK),
    threshold: 'under 50',
    source: 'RFC 9293, 3.6: the peer has closed, the application has not',
    worst: 'high',
    full: 100,
  },
  {
    id: 'conntrack',
    title: 'Conntrack',
    signal: 'conntrack.fill',
    probe: probe('conntrack'),
    // A table without a limit has no fill.
    applies: (state) => state.latest.conntrack?.sample.fill !== null,
    format: percentOf,
    judge: (value) => {
      if (value > 0.9) return { level: 'critical', word: 'above 90 %' };
      return value > 0.75 ? { level: 'notice', word: 'above 75 %' } : OK;
    },
    threshold: 'at most 75 %',
    source: 'nf_conntrack-sysctl: at the maximum new connections are dropped',
    worst: 'high',
    full: 1,
  },
  {
    id: 'retransmits',
    title: 'Retransmits',
    signal: 'kernel.retransPercent',
    probe: probe('kernel'),
    applies: always,
    format: percent,
    judge: above('warning', 1, 'above 1 %'),
    threshold: 'at most 1 %',
    source: 'data segments sent again, openings left out; below 1 % is ordinary loss',
    worst: 'high',
    full: 5,
  },
];
