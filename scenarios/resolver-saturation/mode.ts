import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundResolver, resolverSubject } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix, type SickApp, sickAsker } from '../../source/diagnosis/facts/context.js';
import { database, databaseText, isInnocent } from '../../source/diagnosis/facts/database.js';
import { demand } from '../../source/diagnosis/facts/demand.js';
import {
  everyResolver,
  type ResolverView,
  resolvers,
  settled,
  waitedOut,
} from '../../source/diagnosis/facts/dns.js';
import { lookupFailure } from '../../source/diagnosis/facts/failing-clients.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failing, targets } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { waitingClients } from '../../source/diagnosis/facts/resolver-clients.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOfSubject } from '../../source/diagnosis/places.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural, rate } from '../../source/terminal/format.js';
import { evidenceOf, outlived, type Scene } from './evidence.js';
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
  // One that is settled and has no queue is none: working out whom it would reach takes its time with many containers.
  detect: (history) =>
    eachResolver(history)
      .filter((view) => queued(view) || !view.names.every(settled))
      .map((view) => candidate(history, view)),
  clears: (history) => everyResolver(history, cleared),
});

/** One view of each resolver: of several clients of one, whose lookups were waited for in vain, else that sees a queue. */
function eachResolver(history: History): ResolverView[] {
  const groups = new Map<string, ResolverView[]>();
  for (const view of resolvers(history)) {
    const place = placeOfSubject(resolverSubject(view));
    groups.set(place, [...(groups.get(place) ?? []), view]);
  }
  return [...groups.values()].flatMap(
    (views) =>
      views.find((one) => queued(one) && one.names.some(waitedOut)) ?? views.find(queued) ?? views[0] ?? [],
  );
}

function candidate(history: History, view: ResolverView): Candidate {
  const app = sickAsker(history, view.client);
  const scene: Scene = { history, view, demand: demand(history) };
  const metastable = outlived(scene.demand);
  const clients = waitingClients(history, view);
  return {
    subject: resolverSubject(view),
    target: `${clients[0] ?? app?.label ?? 'lookups'} → resolver ${view.resolver}`,
    raise: raised(history, view),
    clear: view.names.every(settled),
    title: metastable
      ? 'The resolver is saturated and will not heal by itself'
      : 'The resolver is saturated: it answers, but too late',
    severity: failing(history).length > 0 || targets(history).length === 0 ? 'critical' : 'warning',
    evidence: evidenceOf(scene),
    fix: fixes(app, clients[0]),
    explanation: explanation(scene, metastable),
    since: earliest(app?.view.failingSince, ...view.names.map((name) => name.failingSince)),
    radius: aroundResolver(history, view),
  };
}

/** A queue shows itself by answers that come late, or, as it builds up, by ones that are barely in time. */
const queued = (view: ResolverView): boolean =>
  view.names.reduce((sum, name) => sum + name.late.length + name.slow.length, 0) >=
  THRESHOLDS.lateAnswers.value;

/** Late answers that say "no such name" belong to a missing name, however slowly they come. */
const exists = (view: ResolverView): boolean =>
  !view.names.some((name) => name.sample.late.some((answer) => answer.outcome === 'NXDOMAIN'));

/** Turned away by a server that others wait for: full, it refuses what it cannot queue. */
const isShed = ({ sample }: ResolverView['names'][number]): boolean => {
  const how = lookupFailure(sample);
  return how === 'REFUSED' || how === 'SERVFAIL';
};

function raised(history: History, view: ResolverView): boolean {
  const crowded = (demand(history)?.waitingLookups ?? 0) >= THRESHOLDS.waitingLookups.value;
  const waiting = view.names.filter((name) => waitedOut(name) || (crowded && isShed(name)));
  if (waiting.length === 0 || !queued(view) || !exists(view)) return false;
  const suffering = failing(history).length > 0;
  return suffering || waiting.some((name) => name.failed >= THRESHOLDS.runsWithoutTarget.value);
}

/** Why one resolver is not saturated: it answers in time, or ends lookups at once. */
function cleared({ names }: ResolverView): string | undefined {
  if (names.some((name) => name.late.length + name.slow.length > 0)) return undefined;
  if (names.every(settled)) {
    const slowest = Math.max(...names.map((name) => name.sample.totalMs));
    return `lookups take ${duration(slowest)}, none is late`;
  }
  const steps = names.flatMap((name) => name.sample.steps);
  const refused = steps.find(({ outcome }) => outcome === 'refused');
  if (refused) return `lookups are refused after ${duration(refused.ms)}, not late`;
  const denied = steps.find(({ outcome }) => outcome === 'NXDOMAIN');
  return denied && `the resolver answers in ${duration(denied.ms)}, none is late`;
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

function explanation({ history, view, demand: load }: Scene, metastable: boolean): string[] {
  const lines: string[] = [];
  const slowest = [...view.names.flatMap(({ slow }) => slow), ...view.names.flatMap(({ late }) => late)].at(
    -1,
  );
  if (slowest)
    lines.push(
      `clients give up after ${duration(view.patienceMs)}, answers take ${duration(slowest.value)}: all work is wasted`,
    );
  if (metastable && load?.arrivals !== undefined)
    lines.push(
      `the load outlived the spike: ${plural(load.waitingLookups, 'lookup')} wait, ${rate(load.arrivals)} connections/s arrive`,
    );
  const log = logged(history, 'name-resolution-temporary')[0];
  if (log) lines.push(`${log.service} logs temporary failures, not NXDOMAIN: the name exists`);
  const sample = database(history);
  if (sample && isInnocent(sample)) lines.push(`the database is innocent: ${databaseText(sample)}`);
  return lines.slice(0, 4);
}
