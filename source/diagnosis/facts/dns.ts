import type { DnsNameSample, DnsOutcome } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { failures, fresh, known, lastAll } from './values.js';

/** One name as a resolver answered it lately. */
export interface NameView {
  readonly name: string;
  readonly sample: DnsNameSample;
  /** Runs without an address in a row until now, and the wall-clock ms of the first. */
  readonly failed: number;
  readonly failingSince: number | null;
  /** Answers that came after their asker had given up, within the window asked for. */
  readonly late: readonly Point[];
  /** Answers that came in time but only just, within the same window: the first sign of a queue. */
  readonly slow: readonly Point[];
}

/** One resolver as a black box: judged by its answers and by nothing it says of itself. */
export interface ResolverView {
  /** `address:port`. */
  readonly resolver: string;
  readonly patienceMs: number;
  readonly names: readonly NameView[];
  /** Wall-clock ms of the last sign of life: an answer in time or a late one; null when none was ever seen. */
  readonly lastAnswerAt: number | null;
}

/** Answers come late within this long, because nobody watches a query for longer (ms). */
export const LATE_WINDOW_MS = 15_000;
/** A lookup as asked is healthy below this (ms): the slow-probe alarm of awesome-prometheus-alerts (1 s). */
export const SLOW_LOOKUP_MS = 1000;

const SILENCE: readonly DnsOutcome[] = ['timeout', 'refused', 'unreachable'];

/** Whether somebody answered, whatever the answer. */
export const answered = (outcome: DnsOutcome): boolean => !SILENCE.includes(outcome);

/** The resolvers that were asked lately, with what they answered. Empty when DNS is not probed here. */
export function resolvers(history: History): ResolverView[] {
  const sample = fresh(history.latest.dns);
  const at = history.latest.dns?.at ?? history.now;
  const groups = new Map<string, DnsNameSample[]>();
  for (const name of sample?.names ?? [])
    groups.set(name.resolver, [...(groups.get(name.resolver) ?? []), name]);
  return [...groups].map(([resolver, samples]) => {
    const names = samples.map((name) => viewOf(history, name));
    const life = names.flatMap((view) => [
      ...known(history, `dns.ok{${view.name}}`, 600_000).filter((point) => point.value === 1),
      ...view.late,
    ]);
    const times = life.map((point) => point.at);
    if (samples.some((name) => name.steps.some((step) => answered(step.outcome)))) times.push(at);
    return {
      resolver,
      patienceMs: Math.max(...samples.map((name) => name.patienceMs)),
      names,
      lastAnswerAt: times.length === 0 ? null : times.reduce((max, time) => Math.max(max, time)),
    };
  });
}

function viewOf(history: History, sample: DnsNameSample): NameView {
  const streak = sample.resolved ? null : failures(history, `dns.ok{${sample.name}}`);
  return {
    name: sample.name,
    sample,
    failed: streak?.count ?? (sample.resolved ? 0 : 1),
    failingSince: streak?.since ?? null,
    late: known(history, `dns.late{${sample.name}}`, LATE_WINDOW_MS),
    slow: slowAnswers(history, sample.name),
  };
}

function slowAnswers(history: History, name: string): Point[] {
  const good = new Set(
    known(history, `dns.ok{${name}}`, LATE_WINDOW_MS)
      .filter((point) => point.value === 1)
      .map((point) => point.at),
  );
  return known(history, `dns.ms{${name}}`, LATE_WINDOW_MS).filter(
    (point) => point.value >= SLOW_LOOKUP_MS && good.has(point.at),
  );
}

/** Whether the last run of a name ended unresolved because somebody stayed silent while its asker waited. */
export const waitedOut = (view: NameView): boolean =>
  !view.sample.resolved && view.sample.steps.some((step) => step.outcome === 'timeout');

/** Whether a name has answered well, and in good time, twice in a row. */
export const settled = (history: History, name: string): boolean =>
  lastAll(history, `dns.ok{${name}}`, 2, (value) => value === 1) &&
  lastAll(history, `dns.ms{${name}}`, 2, (value) => value < SLOW_LOOKUP_MS);

/** A name that somebody denies at once and that never was valid while watched: a search-list miss, no trouble. */
const neverWas = (history: History, { name, sample, late }: NameView): boolean =>
  late.length === 0 &&
  sample.steps.every((step) => answered(step.outcome) && step.ms < SLOW_LOOKUP_MS) &&
  !known(history, `dns.ok{${name}}`, 600_000).some((point) => point.value === 1);

/** Whether any resolver let an asker wait in vain, or nearly so, lately: the waits of others may be its doing. */
export function lookupsTroubled(history: History, ms: number): boolean {
  const views = resolvers(history).flatMap((view) => view.names);
  return views
    .filter((view) => !neverWas(history, view))
    .some(
      ({ name, sample, late }) =>
        late.length > 0 ||
        !sample.resolved ||
        known(history, `dns.ok{${name}}`, ms).some((point) => point.value === 0) ||
        known(history, `dns.ms{${name}}`, ms).some((point) => point.value >= SLOW_LOOKUP_MS),
    );
}
