import type { CheckReport } from '../../source/commands/check/watch.js';
import type { Finding } from '../../source/store/finding.js';
import type { Risk } from '../../source/store/risk.js';
import { createFaultlineStore, type FaultlineState } from '../../source/store/state.js';

export const NOON = Date.parse('2026-03-01T12:00:00.000Z');

/** A finding with every field filled; `over` replaces what a test is about. */
export function finding(over: Partial<Finding> = {}): Finding {
  return {
    key: 'traffic-spike@host:here',
    id: 'traffic-spike',
    subject: { kind: 'host', id: 'here' },
    title: 'The resolver is saturated and will not heal by itself',
    severity: 'critical',
    state: 'firing',
    verdict: 'confirmed',
    score: 0.94,
    confidence: 0.94,
    target: 'todo-app → resolver 127.0.0.1:5353',
    since: NOON - 33_000,
    namedAt: NOON - 25_000,
    evidence: [
      {
        signal: 'dns.p95',
        value: 'answers take 5.1 s',
        reading: 5100,
        unit: 'ms',
        at: NOON,
        threshold: '1 s',
        source: 'measured',
        verdict: 'supports',
      },
      {
        signal: 'conntrack.fill',
        value: 'not read',
        reading: null,
        unit: '',
        at: null,
        threshold: '75 %',
        source: 'peers',
        verdict: 'missing',
      },
    ],
    ruledOut: [{ id: 'database-down', title: 'the database', because: 'SELECT 1 in 2 ms' }],
    fix: [
      { when: 'now', text: 'restart todo-app', command: 'docker restart todo-app' },
      { when: 'later', text: 'a bulkhead of 40 slots' },
    ],
    explainedBy: null,
    explanation: ['queue 256 of 256'],
    ...over,
  };
}

/** A latent risk of a container. */
export const risk = (name: string): Risk => ({
  key: `no-health-check@workload:${name}`,
  id: 'no-health-check',
  subject: { kind: 'workload', id: name },
  title: `No health check on ${name}`,
  evidence: [
    {
      signal: `service.up{${name}}`,
      value: 'it serves port 80',
      reading: null,
      unit: '',
      at: NOON,
      threshold: 'a check',
      source: 'Docker',
      verdict: 'supports',
    },
  ],
  fix: [{ when: 'later', text: 'a check of its own', command: `docker inspect ${name}` }],
});

/** A store's state at noon, after a look at a host with one sick target and one source that cannot be read. */
export function state(over: Partial<FaultlineState> = {}): FaultlineState {
  const store = createFaultlineStore({
    mode: 'host',
    subject: 'box',
    readOnly: true,
    startedAt: NOON - 60_000,
  });
  const { series } = store.getState();
  series.push('dns.p95', NOON, 1980);
  series.push('conntrack.fill', NOON, Number.NaN);
  series.push('kernel.retransPercent', NOON, 0.25);
  return {
    ...store.getState(),
    now: NOON,
    latest: {
      http: {
        'GET /todos': {
          at: NOON,
          stale: false,
          sample: {
            target: 'GET /todos',
            url: 'http://127.0.0.1:8080/todos',
            ok: false,
            status: null,
            failure: { kind: 'timeout', phase: 'firstByte', text: 'no first byte after 5.0 s' },
            phases: { dns: null, connect: 0.4, tls: null, firstByte: null, transfer: null },
            totalMs: 5000,
            address: '127.0.0.1',
          },
        },
      },
    },
    probes: {
      conntrack: {
        id: 'conntrack',
        title: 'Connection tracking',
        reads: '/proc/sys/net/netfilter',
        intervalMs: 2000,
        state: 'unavailable',
        lastOkAt: null,
        tookMs: 0.1,
        kind: 'not-loaded',
        reason: 'nf_conntrack is not loaded',
        mend: 'modprobe nf_conntrack',
      },
    },
    ...over,
  };
}

/** A report of that state. */
export function report(over: Partial<CheckReport> = {}): CheckReport {
  return {
    host: { hostname: 'box', system: 'linux 6.18 x64', node: '24.0.0', at: NOON, watchedMs: 10_012.3 },
    capabilities: [
      { id: 'netlink', title: 'Socket census', state: 'yes', means: 'sock_diag', reason: null, mend: null },
      {
        id: 'docker',
        title: 'Docker',
        state: 'no',
        means: 'none',
        reason: 'no socket',
        mend: 'start dockerd',
      },
    ],
    state: state(),
    asked: { count: 0, failing: [], unread: [] },
    ...over,
  };
}
