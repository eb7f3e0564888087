import type { AlertRule } from '../../store/alert-rule.js';
import type { History } from '../../store/history.js';
import { duration, percentOf } from '../../terminal/format.js';
import { resolvers } from '../facts/dns.js';
import { targets } from '../facts/http.js';
import { fresh, known, STREAK_MS } from '../facts/values.js';
import { type Alert, judge, type Watched } from './alert.js';

/** Two readings of a source that is asked every 15 s, and a little more (ms). */
const STALE_MS = 40_000;
const RUNBOOK = 'Network Failure Scenarios (runbook), critical alerts';
const EXHAUSTION = 'Container Networking Exhaustion, detection and alerting';

const watched = (history: History, where: string, signal: string): Omit<Watched, 'meets' | 'text'> => ({
  where,
  points: known(history, signal, STREAK_MS),
  staleMs: STALE_MS,
});

/** The alerts of the failure documents. Those of a failure mode are its finding, with the mode's own `for`. */
export const ALERTS: readonly Alert[] = [
  {
    name: 'CompleteServiceOutage',
    condition: 'more than 95 % of all requests to targets fail',
    forMs: 60_000,
    severity: 'critical',
    source: `${EXHAUSTION}: HTTP error rate > 95 %; here of the requests of the last 20 s`,
    watched: (history) =>
      targets(history).length === 0
        ? []
        : [
            {
              ...watched(history, 'all targets', 'http.success'),
              meets: (share) => 1 - share > 0.95,
              text: (share) => `${percentOf(1 - share)} of them fail`,
            },
          ],
  },
  {
    name: 'ServiceUnreachable',
    condition: 'a target or a database does not answer a probe well (probe_success == 0)',
    forMs: 30_000,
    severity: 'critical',
    source: `${RUNBOOK}: probe_success == 0`,
    watched: (history) =>
      [
        ...targets(history).map(({ target }) => watched(history, target, `http.ok{${target}}`)),
        ...(fresh(history.latest.datastores)?.datastores ?? []).map(({ address }) =>
          watched(history, address, `datastores.ok{${address}}`),
        ),
      ]
        .filter(({ points }) => points.length > 0)
        .map((one) => ({ ...one, meets: (ok) => ok === 0, text: () => 'its last probe failed' })),
  },
  {
    name: 'HighNetworkLatency',
    condition: 'a request to a target takes more than 1 s (probe_duration_seconds > 1)',
    forMs: 120_000,
    severity: 'warning',
    source: `${RUNBOOK}: probe_duration_seconds > 1`,
    watched: (history) =>
      targets(history).map(({ target }) => ({
        ...watched(history, target, `http.ms{${target}}`),
        meets: (ms) => ms > 1000,
        text: (ms) => `the last one took ${duration(ms)}`,
      })),
  },
  {
    name: 'DNSResolutionFailure',
    condition: 'a lookup takes more than 1 s (probe_dns_lookup_time_seconds)',
    forMs: 60_000,
    severity: 'critical',
    source: `${RUNBOOK}: > 5 there, which misses that document's own slow lookups (3.6 s) and stands where most probes give up`,
    watched: (history) =>
      resolvers(history).flatMap(({ client, names }) =>
        names.map(({ name, ms }) => ({
          where: client === null ? name : `${name} in ${client}`,
          points: ms,
          staleMs: STALE_MS,
          meets: (took: number) => took > 1000,
          text: (took: number) => `the last one took ${duration(took)}`,
        })),
      ),
  },
  {
    name: 'NoTraces',
    condition: 'no traces of a service that had some',
    forMs: 120_000,
    severity: 'critical',
    source: `${EXHAUSTION}: count of traces < 1`,
    unread: 'traces are not read yet',
    watched: () => [],
  },
];

/** Every alert with what it comes to now. */
export const alertRules = (history: History): AlertRule[] => ALERTS.map((alert) => judge(history, alert));
