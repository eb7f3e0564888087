import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundResolver, resolverSubject } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix, type SickApp, sickAsker } from '../../source/diagnosis/facts/context.js';
import { database, databaseText, isInnocent } from '../../source/diagnosis/facts/database.js';
import { everyResolver } from '../../source/diagnosis/facts/dns.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { targets } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { waitedOut } from '../../source/diagnosis/facts/lookup-trouble.js';
import { waitingClients } from '../../source/diagnosis/facts/resolver-clients.js';
import {
  inTimeText,
  type ResolverQueue,
  resolverQueues,
} from '../../source/diagnosis/facts/resolver-queues.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Fix } from '../../source/store/finding.js';
import { duration, plural, rate } from '../../source/terminal/format.js';
import { evidenceOf } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

/**
 * A resolver that is alive and answers everything too late: a queue of clients who gave up and asked again. Seen from
 * outside, by its answers only.
 */
export const mode = defineMode({
  id: 'resolver-saturation',
  aliases: ['traffic-spike'],
  called: 'a slow resolver',
  scope: 'listener',
  inputs: [['dns', 'lookups']],
  // A lookup waited for in vain, an answer that came late and a request that hung have taken more than 5 s by then.
  forMs: 1000,
  keepMs: 6000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: ['service-hung', 'http-errors', 'close-wait-leak', 'listen-overflow'],
  rivals: [
    'database-down',
    'resolver-dead',
    'name-missing',
    'service-hung',
    'service-stopped',
    'database-connections',
  ],
  detect: (history) => resolverQueues(history, THRESHOLDS).map(candidate),
  clears: (history) => everyResolver(history, inTimeText),
});

function candidate(queue: ResolverQueue): Candidate {
  const { history, view } = queue;
  const app = sickAsker(history, view.client);
  const clients = waitingClients(history, view);
  return {
    subject: resolverSubject(view),
    target: `${clients[0] ?? app?.label ?? 'lookups'} → resolver ${view.resolver}`,
    raise: queue.sure,
    clear: queue.settled,
    title: titleOf(queue),
    severity: queue.felt || targets(history).length === 0 ? 'critical' : 'warning',
    evidence: evidenceOf(queue),
    fix: fixes(app, clients[0]),
    explanation: explanation(queue),
    since: earliest(app?.view.failingSince, queue.since),
    get radius() {
      return aroundResolver(history, view);
    },
  };
}

function titleOf({ view, shed, outlived }: ResolverQueue): string {
  if (outlived) return 'The resolver is saturated and will not heal by itself';
  const isLate =
    view.names.some(({ late, slow }) => late.length + slow.length > 0) || view.names.some(waitedOut);
  const others = view.names.flatMap(({ othersSlow }) => othersSlow);
  if (others.length > 0 && !view.names.some(waitedOut))
    return `Resolver ${view.resolver} answers late: lookups of ${view.client ?? 'this host'} take up to ${duration(Math.max(...others.map(({ value }) => value)))}`;
  return shed.length > 0 && !isLate
    ? 'The resolver is saturated: it turns lookups away'
    : 'The resolver is saturated: it answers, but too late';
}

/**
 * Ends it now by throwing the waiting work away: a restart of those whose lookups wait, who behind a gateway are not
 * whom users see failing. Later keeps a burst from starting it again.
 */
function fixes(app: SickApp | undefined, client: string | undefined): Fix[] {
  const why = 'throws away the lookups that feed the queue';
  const shed = { when: 'now', text: 'restart the application whose lookups wait, or shed its load' } as const;
  const who = app?.service?.name ?? `what serves ${app?.label}`;
  const now: Fix =
    client !== undefined
      ? { when: 'now', text: `restart ${client}: ${why}`, action: { name: 'restart', argument: client } }
      : app
        ? restartFix(app.service, app.view.address, `restart ${who}: ${why}`)
        : shed;
  return [
    now,
    later('bulkhead: no more requests at work than the resolver can serve lookups for', 'bulkhead'),
    later('deadline: give up after 3 s and stop when the client has gone', 'deadline'),
    later('connection pool: no lookup for each request', 'pool'),
    later('newest lookup first: the answers that somebody still waits for', 'lifo'),
    later('circuit breaker: fail fast while lookups fail', 'breaker'),
    later('retry with growing pauses and jitter instead of at once', 'backoff'),
    later('rate limit: refuse a spike at the door', 'rate-limit'),
  ];
}

function explanation({ history, view, demand: load, outlived }: ResolverQueue): string[] {
  const lines: string[] = [];
  const slowest = [...view.names.flatMap(({ slow }) => slow), ...view.names.flatMap(({ late }) => late)].at(
    -1,
  );
  if (slowest)
    lines.push(
      `clients give up after ${duration(view.patienceMs)}, answers take ${duration(slowest.value)}: all work is wasted`,
    );
  if (outlived && load?.arrivals !== undefined)
    lines.push(
      `the load outlived the spike: ${plural(load.waitingLookups, 'lookup')} wait, ${rate(load.arrivals)} connections/s arrive`,
    );
  const log = logged(history, 'name-resolution-temporary')[0];
  if (log) lines.push(`${log.service} logs temporary failures, not NXDOMAIN: the name exists`);
  const sample = database(history);
  if (sample && isInnocent(sample)) lines.push(`the database is innocent: ${databaseText(sample)}`);
  return lines.slice(0, 4);
}
