import type { DnsNameSample, HttpSample, ServiceSample } from '../../source/probes/samples.js';
import type { Finding } from '../../source/store/finding.js';
import type { Latest } from '../../source/store/history.js';
import type { LabState } from '../../source/store/lab.js';
import { SeriesBook } from '../../source/store/series.js';
import type { FaultlineState, LogLine, ProbeHealth } from '../../source/store/state.js';

/** Plausible states of the console, built from the same types that the probes fill. */

export const NOW = new Date(2026, 2, 14, 12, 4, 31).getTime();

const fresh = <S>(sample: S, at = NOW - 500): Latest<S> => ({ at, sample, stale: false });

export function service(part: Partial<ServiceSample> & { name: string }): ServiceSample {
  return {
    state: 'running',
    pid: 4711,
    ageMs: 285_000,
    cpuPercent: 3.2,
    memoryBytes: 84_000_000,
    openFds: 31,
    fdLimit: 1_024,
    restarts: 0,
    lastExit: null,
    ports: [],
    processState: 'S',
    ...part,
  };
}

export function http(target: string, ok: boolean): HttpSample {
  const phases = { dns: 0.1, connect: 0.4, tls: null, firstByte: ok ? 41 : null, transfer: ok ? 0.3 : null };
  return {
    target,
    url: `http://127.0.0.1:8080/${target.split('/')[1] ?? ''}`,
    ok,
    status: ok ? 200 : null,
    failure: ok
      ? null
      : {
          kind: 'timeout',
          phase: 'firstByte',
          text: 'no first byte after 5.0 s: connected, request sent, nobody answered',
        },
    phases,
    totalMs: ok ? 42 : 5_000,
    address: '127.0.0.1:8080',
  };
}

function dnsName(sick: boolean): DnsNameSample {
  const step = (qtype: 'A' | 'AAAA') =>
    ({
      qname: 'postgres.lab.internal',
      qtype,
      outcome: sick ? 'timeout' : qtype === 'A' ? 'NOERROR' : 'NODATA',
      ms: sick ? 1_981 : 21,
      addresses: sick || qtype === 'AAAA' ? [] : ['127.0.0.1'],
    }) as const;
  return {
    name: 'postgres.lab.internal',
    resolver: '127.0.0.1:5353',
    patienceMs: 1_980,
    steps: [step('A'), step('AAAA')],
    resolved: !sick,
    totalMs: sick ? 1_981 : 42,
    late: sick ? [{ qname: 'postgres.lab.internal', qtype: 'A', outcome: 'NOERROR', ms: 5_104 }] : [],
  };
}

/** Two minutes, oldest first; `ramp` goes from 0 to 1 33 seconds before the end where it is `sick`. */
function twoMinutes(sick: boolean, now = NOW): readonly { readonly at: number; readonly ramp: number }[] {
  const turn = now - 33_000;
  return Array.from({ length: 120 }, (_, i) => {
    const at = now - 119_000 + i * 1_000;
    return { at, ramp: sick && at >= turn ? Math.min(1, (at - turn) / 8_000) : 0 };
  });
}

function labState(sick: boolean): LabState {
  const points = twoMinutes(sick);
  return {
    at: NOW,
    stale: false,
    counters: {
      resolver: { served: 496, dropped: 81, queue: sick ? 256 : 0, queueMax: 256 },
      app: { inFlight: sick ? 64 : 1, waiting: sick ? 27 : 0, slots: 64 },
      visitors: { sent: 285, ok: 252, failed: 33 },
    },
    queue: points.map(({ at, ramp }) => ({ at, value: Math.round(256 * ramp) })),
    inFlight: points.map(({ at, ramp }) => ({ at, value: 1 + Math.round(90 * ramp) })),
  };
}

/** A book of two minutes; `sick` signals turn over 33 seconds before the end. */
export function book(sick: boolean, now = NOW): SeriesBook {
  const series = new SeriesBook();
  for (const { at, ramp } of twoMinutes(sick, now)) {
    series.push('http.success', at, 1 - ramp);
    series.push('http.p99', at, 48 + 4_952 * ramp);
    series.push('dns.p95', at, 22 + 1_959 * ramp);
    series.push('dns.answered', at, 1 - ramp);
    series.push('sockets.askers', at, Math.round(64 * ramp));
    series.push('sockets.CLOSE-WAIT', at, 0);
    series.push('postgres.connections', at, 1);
    series.push('postgres.selectOne', at, 2);
    series.push('kernel.retransPercent', at, 0);
    series.push('kernel.Tcp.ActiveOpens', at, 4 + 30 * ramp);
  }
  return series;
}

export function probe(part: Partial<ProbeHealth> & { id: string }): ProbeHealth {
  return {
    title: part.id,
    reads: part.id,
    intervalMs: 1_000,
    state: 'ok',
    lastOkAt: NOW - 500,
    tookMs: 1.2,
    kind: null,
    reason: null,
    mend: null,
    ...part,
  };
}

const PROBES: readonly ProbeHealth[] = [
  probe({ id: 'services', title: 'services', reads: '/proc/<pid>/stat, statm, fd' }),
  probe({ id: 'sockets', title: 'sockets', reads: 'netlink sock_diag' }),
  probe({ id: 'kernel', title: 'kernel counters', reads: '/proc/net/snmp, netstat' }),
  probe({ id: 'dns', title: 'DNS', reads: 'UDP 127.0.0.1:5353' }),
  probe({ id: 'postgres', title: 'PostgreSQL', reads: '127.0.0.1:5432' }),
  probe({ id: 'lab', title: "lab's own counters", reads: 'IPC' }),
  ...['GET /', 'GET /test-db', 'GET /todos'].map((target) =>
    probe({ id: `http:${target}`, title: target, reads: 'http://127.0.0.1:8080' }),
  ),
  probe({
    id: 'conntrack',
    title: 'conntrack',
    reads: '/proc/sys/net/netfilter',
    state: 'unavailable',
    lastOkAt: null,
    kind: 'not-loaded',
    reason: 'nf_conntrack is not loaded in this kernel',
    mend: 'modprobe nf_conntrack',
  }),
];

export const SATURATED: Finding = {
  key: 'resolver-saturated@host:here',
  id: 'resolver-saturated',
  subject: { kind: 'host', id: 'here' },
  title: 'The resolver is saturated and will not heal by itself',
  severity: 'critical',
  state: 'firing',
  verdict: 'confirmed',
  score: 0.94,
  confidence: 0.94,
  target: 'todo-app → resolver 127.0.0.1:5353',
  since: NOW - 33_000,
  namedAt: NOW - 25_000,
  evidence: [
    {
      signal: 'dns.p95',
      value: '1.98 s',
      reading: 1980,
      unit: 'ms',
      at: NOW,
      threshold: 'at most 1 s',
      source: 'glibc waits 5 s (resolv.conf(5))',
      verdict: 'supports',
    },
    {
      signal: 'conntrack.fill',
      value: 'not read',
      reading: null,
      unit: '',
      at: null,
      threshold: 'at most 90 %',
      source: 'nf_conntrack-sysctl',
      verdict: 'missing',
    },
  ],
  ruledOut: [
    { id: 'database-down', title: 'the database', because: 'SELECT 1 in 2 ms, 1 of 100 connections' },
    { id: 'name-missing', title: 'a dead name', because: 'the same name answers in 5.1 s' },
    { id: 'service-hung', title: 'the app alone', because: '/health answers once a slot is free' },
  ],
  fix: [
    { when: 'now', text: 'restart todo-app', action: { name: 'restart', argument: 'todo-app' } },
    { when: 'later', text: 'bulkhead of 40 slots', remedy: 'bulkhead' },
  ],
  explainedBy: null,
  explanation: [
    'answers come after 5.1 s, askers give up after 2.0 s',
    'queue full: half of the queries are dropped',
    'the load outlived the spike: 64 lookups wait at 1 request/s',
  ],
};

/** The demo with all well. */
export function healthyState(part: Partial<FaultlineState> = {}): FaultlineState {
  return base(false, part);
}

/** The demo 33 seconds into the outage, named for 25. */
export function incidentState(part: Partial<FaultlineState> = {}): FaultlineState {
  return base(true, {
    findings: [
      SATURATED,
      {
        ...SATURATED,
        key: 'service-hung@host:here',
        id: 'service-hung',
        subject: { kind: 'host', id: 'here' },
        title: 'todo-app does not answer',
        severity: 'warning',
        explainedBy: SATURATED.key,
      },
    ],
    timeline: [
      { at: NOW - 285_000, kind: 'note', text: 'the lab is up', result: '4 services' },
      {
        at: NOW - 34_000,
        kind: 'action',
        text: 'traffic spike: 120 requests at once',
        result: '50 answered, 70 timed out',
      },
      { at: NOW - 33_000, kind: 'symptom', text: 'first failed probe: GET /todos 000' },
      { at: NOW - 25_000, kind: 'named', text: 'resolver saturated (8 s after the first symptom)' },
      { at: NOW - 4_000, kind: 'cleared', text: 'database cleared: SELECT 1 in 2 ms' },
    ],
    outage: {
      triggeredAt: NOW - 34_000,
      symptomAt: NOW - 33_000,
      namedAt: NOW - 25_000,
      fixedAt: null,
      verifiedAt: null,
    },
    story: {
      step: 3,
      of: 6,
      title: 'The spike is over',
      lookAt: 'look at DNS and at the database: which one is sick?',
      customersSee: 'the page does not load',
    },
    ...part,
  });
}

function base(sick: boolean, part: Partial<FaultlineState>): FaultlineState {
  const targets = ['GET /', 'GET /test-db', 'GET /todos'];
  return {
    session: {
      mode: 'demo',
      subject: 'embedded lab',
      readOnly: false,
      startedAt: NOW - 285_000,
      app: 'todo-app',
    },
    now: NOW,
    latest: {
      http: Object.fromEntries(targets.map((target) => [target, fresh(http(target, !sick))])),
      services: fresh({
        services: [
          service({ name: 'postgres', memoryBytes: 38e6, openFds: 12, cpuPercent: 0.2 }),
          service({ name: 'resolver', memoryBytes: 51e6, openFds: 19 }),
          service({
            name: 'todo-app',
            cpuPercent: 12,
            openFds: 148,
            ports: [{ protocol: 'tcp', port: 8080 }],
          }),
          service({ name: 'visitors', memoryBytes: 46e6, openFds: 22, cpuPercent: 0.4 }),
        ],
        means: '/proc',
        missing: [],
      }),
      dns: fresh({ names: [dnsName(sick)], search: [], ndots: 1 }),
      sockets: fresh({
        means: 'netlink sock_diag',
        v4: {},
        v6: {},
        total: { ESTAB: 34, 'SYN-SENT': 0, 'SYN-RECV': 0, 'CLOSE-WAIT': 0, 'TIME-WAIT': 212, LISTEN: 9 },
        perService: [
          { service: 'todo-app', byState: { ESTAB: 31 }, inbound: 31, outbound: 1 },
          { service: 'postgres', byState: { ESTAB: 1 }, inbound: 1, outbound: 0 },
        ],
        topPeers: { 'CLOSE-WAIT': [], 'SYN-SENT': [], 'SYN-RECV': [] },
        listeners: [
          { service: 'todo-app', address: '127.0.0.1', port: 8080, queued: 0, backlog: 511 },
          { service: 'postgres', address: '127.0.0.1', port: 5432, queued: 0, backlog: 200 },
        ],
        dnsAskers: sick ? [{ resolver: '127.0.0.1:5353', count: 64 }] : [],
        missing: [],
      }),
      postgres: fresh({
        address: '127.0.0.1:5432',
        selectOneMs: 2.1,
        connectMs: 6,
        connections: 1,
        maxConnections: 100,
        reserved: 3,
        holders: [],
        failure: null,
      }),
    },
    probes: Object.fromEntries(PROBES.map((health) => [health.id, health])),
    series: book(sick),
    lab: labState(sick),
    findings: [],
    failedRules: [],
    blindModes: [],
    risks: [],
    alertRules: [],
    reviews: {},
    timeline: [{ at: NOW - 285_000, kind: 'note', text: 'the lab is up', result: '4 services' }],
    outage: null,
    lastOutage: null,
    action: null,
    verification: [],
    story: {
      step: 1,
      of: 6,
      title: 'A healthy application',
      lookAt: 'every gauge is quiet; press s',
      customersSee: 'their list, in 40 ms',
    },
    hardening: [
      {
        id: 'bulkhead',
        title: 'Bulkhead, 40 slots',
        on: false,
        explains: 'turns away what it cannot finish',
      },
      { id: 'pool', title: 'Connection pool', on: true, explains: 'asks DNS once, not for every request' },
    ],
    logs: logLines(40),
    faults: [],
    cost: { cpuPercent: 1.9, bytesPerSecond: 812 },
    ...part,
  };
}

export function logLines(count: number): LogLine[] {
  return Array.from({ length: count }, (_, i) => ({
    service: i % 3 === 0 ? 'resolver' : 'todo-app',
    at: NOW - (count - i) * 250,
    stream: 'stderr' as const,
    text:
      i % 4 === 0
        ? `could not translate host name "postgres.lab.internal" to address: Temporary failure in name resolution (${i})`
        : `request ${i} took 41 ms`,
    matched: i % 4 === 0,
  }));
}
