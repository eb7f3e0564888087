import type { LogMatch, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { type Measured, missing, refutes, supports, type WeightedEvidence, weigh } from '../evidence.js';
import type { Candidate } from '../mode.js';
import type { Threshold } from '../threshold.js';
import { database, databaseText, isInnocent } from './database.js';
import { resolvers } from './dns.js';
import { type LookupLine, loggedOfNames } from './failing-askers.js';
import { metText, names, type TargetView } from './http.js';
import { logged } from './logs.js';
import { lookupsTroubled } from './lookup-trouble.js';
import { readSince } from './read-since.js';
import { processText, serviceAt } from './services.js';
import { slowestTarget } from './slow-targets.js';
import type { Slowness } from './slowness.js';

/** Rows of evidence that several modes print alike; each mode weighs them by a threshold of its own. */

/** Longest part of a log line that stands in a row of evidence, in characters. */
const LOG_LINE = 120;

/**
 * What the users of these failing targets meet, those that fail as the first one does; undefined while none fails. `says`
 * stands between names and failure.
 */
export function failingRow(
  views: readonly TargetView[],
  against: Threshold,
  says: ':' | ' fail:' = ' fail:',
): WeightedEvidence | undefined {
  const first = views[0];
  if (!first) return undefined;
  const alike = views.filter((view) => metText(view) === metText(first));
  const verb = says === ' fail:' && alike.length === 1 ? ' fails:' : says;
  const value = `${names(alike)}${verb} ${metText(first)}`;
  return supports(against, {
    signal: 'http.success',
    reading: views.length,
    value,
    threshold: 'every target answers',
  });
}

/** The target at a place of this one that got slowest since it began (wall-clock ms); undefined when none did. */
export function slowTargetRow(
  history: History,
  { since, radius = [] }: Pick<Candidate, 'since' | 'radius'>,
  against: Threshold,
): WeightedEvidence | undefined {
  const slow = slowestTarget(history, since, radius);
  if (!slow) return undefined;
  return supports(against, {
    signal: `http.ms{${slow.target}}`,
    reading: slow.now,
    value: `${slow.target}: ${duration(slow.now)}, it took ${duration(slow.usual)}`,
    threshold: duration(slow.limit),
  });
}

/** A target that takes longer than it did (ms), with the runs that gave up since. */
export function slowerRow(
  { view, before, since }: Slowness,
  against: Threshold & { readonly value: number },
): WeightedEvidence {
  const failed = view.failed > 0 ? `, ${plural(view.failed, 'run')} in vain` : '';
  return supports(against, {
    signal: `http.ms{${view.target}}`,
    reading: since / before,
    value: `${view.target}: ${duration(before)} → ${duration(since)}${failed}`,
    threshold: `${against.value} × ${duration(before)}`,
  });
}

/** A target that is slow as it is, whatever it took before. */
export const slowNowRow = ({ target, sample }: TargetView, against: Threshold): WeightedEvidence =>
  supports(against, {
    signal: `http.ms{${target}}`,
    reading: sample.totalMs,
    value: `${target} takes ${duration(sample.totalMs)}`,
  });

/** Connections that the kernel took and nobody accepts, of so many that may wait; undefined below the threshold's `value`. */
export function notAcceptedRow(
  signal: string,
  {
    queued,
    backlog,
    port,
  }: { readonly queued: number; readonly backlog?: number | null; readonly port?: number },
  against: Threshold & { readonly value: number },
): WeightedEvidence | undefined {
  if (queued < against.value) return undefined;
  const of = backlog == null ? plural(queued, 'connection') : `${queued} of ${backlog} connections`;
  const where = port === undefined ? '' : ` on port ${port}`;
  return supports(against, { signal, reading: queued, value: `${of} nobody accepts${where}` });
}

/** What an application logged, how often, and its newest words. */
export const logRow = (match: LogMatch, threshold: string): Measured => ({
  signal: `logs.${match.kind}{${match.service}}`,
  reading: match.recent,
  value: `${plural(match.recent, 'line')} in 10 s: ${match.lastLine.slice(0, LOG_LINE)}`,
  threshold,
});

/** What applications log of the first of these kinds that any of them logs; undefined where none does. */
export function logsRow(
  history: History,
  against: Threshold,
  ...kinds: readonly LogMatch['kind'][]
): WeightedEvidence | undefined {
  const match = kinds.flatMap((kind) => logged(history, kind))[0];
  return match && supports(against, logRow(match, 'none'));
}

/**
 * What these clients log of their lookups: for the finding where it is what this failure leads to, else against it;
 * undefined where none logs any.
 */
export function lookupLogsRow(
  history: History,
  against: Threshold,
  clients: readonly (string | null)[],
  leadsTo: LookupLine,
): WeightedEvidence | undefined {
  const [own] = loggedOfNames(history, clients, leadsTo);
  if (own) return supports(against, logRow(own, 'none'));
  const [other] = LOOKUP_LINES.flatMap((kind) => loggedOfNames(history, clients, kind));
  return other && refutes(against, logRow(other, WANTED[leadsTo]));
}

const WANTED: Readonly<Record<LookupLine, string>> = {
  'name-resolution-temporary': 'temporary failures, not a missing name',
  'name-resolution-missing': 'none',
};
const LOOKUP_LINES: readonly LookupLine[] = ['name-resolution-temporary', 'name-resolution-missing'];

/**
 * How long the lookups take of those who are meant: for the finding unless they were in trouble over the threshold's
 * window; undefined where none was made since the trouble began (wall-clock ms; null: not known).
 */
export function lookupsRow(
  history: History,
  against: Threshold & { readonly windowMs: number },
  since: number | null,
  isMeant: (client: string | null) => boolean,
): WeightedEvidence | undefined {
  const views = resolvers(readSince(history, since)).filter(({ client }) => isMeant(client));
  if (views.length === 0) return undefined;
  const reading = Math.max(...views.flatMap((view) => view.names.map((name) => name.sample.totalMs)));
  const troubled = lookupsTroubled(history, against.windowMs, isMeant);
  const row = { signal: 'dns.p95', reading, value: `lookups take ${duration(reading)}` };
  return weigh(!troubled, against, row);
}

/**
 * How the database answers: for the finding when it is innocent; undefined where none was asked since the trouble began
 * (wall-clock ms; null: not known).
 */
export function databaseRow(
  history: History,
  against: Threshold,
  since: number | null,
): WeightedEvidence | undefined {
  const sample = database(readSince(history, since));
  if (!sample) return undefined;
  const reading = sample.selectOneMs ?? undefined;
  const row = { signal: 'postgres.selectOne', reading, value: databaseText(sample) };
  return weigh(isInnocent(sample), against, row);
}

/**
 * What is known of the process behind an address, and whether that `speaks` for the finding; where that is undefined,
 * or nobody is seen to serve it, what is `wanted` is missing.
 */
export function processRow(
  history: History,
  against: Threshold,
  address: string,
  speaks: boolean | undefined,
  wanted: string,
): WeightedEvidence {
  const watched = history.latest.services !== undefined;
  const why = watched ? `no process seen behind ${address}` : 'processes are not watched here';
  return serviceRow(serviceAt(history, address), against, speaks, why, wanted);
}

/** The same of a service that is known by other means than an address, or not at all: then the caller says `why`. */
export function serviceRow(
  service: ServiceSample | undefined,
  against: Threshold,
  speaks: boolean | undefined,
  why: string,
  wanted: string,
): WeightedEvidence {
  if (!service || speaks === undefined) return missing('service.up', why, wanted);
  return weigh(speaks, against, { signal: `service.up{${service.name}}`, value: processText(service) });
}
