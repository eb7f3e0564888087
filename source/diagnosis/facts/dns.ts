import type { DnsNameSample, DnsOutcome } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { LATE_WINDOW_MS, ownPoints, SLOW_LOOKUP_MS } from './dns-points.js';
import { fresh, lastPass, streak } from './values.js';

export { LATE_WINDOW_MS, SLOW_LOOKUP_MS } from './dns-points.js';

/** One name as one resolver answered it lately. */
export interface NameView {
  readonly name: string;
  readonly sample: DnsNameSample;
  /** Runs without an address in a row until now, and the wall-clock ms of the first. */
  readonly failed: number;
  readonly failingSince: number | null;
  /** Of each run, whether it gave an address (1 or 0), and how long it took (ms). */
  readonly ok: readonly Point[];
  readonly ms: readonly Point[];
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

const SILENCE: readonly DnsOutcome[] = ['timeout', 'refused', 'unreachable'];

/** Whether somebody answered, whatever the answer. */
export const answered = (outcome: DnsOutcome): boolean => !SILENCE.includes(outcome);

/** The resolvers that were asked lately, in the order they are asked. Empty when DNS is not probed here. */
export function resolvers(history: History): ResolverView[] {
  const samples = fresh(history.latest.dns)?.names ?? [];
  const at = history.latest.dns?.at ?? history.now;
  const groups = new Map<string, NameView[]>();
  for (const sample of samples) {
    const view = viewOf(history, sample, samples);
    groups.set(sample.resolver, [...(groups.get(sample.resolver) ?? []), view]);
  }
  return [...groups].map(([resolver, names]) => {
    const life = names.flatMap((view) => [...view.ok.filter((point) => point.value === 1), ...view.late]);
    const times = life.map((point) => point.at);
    if (names.some(({ sample }) => sample.steps.some((step) => answered(step.outcome)))) times.push(at);
    return {
      resolver,
      patienceMs: Math.max(...names.map(({ sample }) => sample.patienceMs)),
      names,
      lastAnswerAt: times.length === 0 ? null : times.reduce((max, time) => Math.max(max, time)),
    };
  });
}

function viewOf(history: History, sample: DnsNameSample, all: readonly DnsNameSample[]): NameView {
  const { ok, ms, late } = ownPoints(history, sample, all);
  const failing = sample.resolved ? null : streak(ok);
  const good = new Set(ok.filter((point) => point.value === 1).map((point) => point.at));
  const lately = history.now - LATE_WINDOW_MS;
  return {
    name: sample.name,
    sample,
    failed: failing?.count ?? (sample.resolved ? 0 : 1),
    failingSince: failing?.since ?? null,
    ok,
    ms,
    late,
    slow: ms.filter(({ at, value }) => at >= lately && value >= SLOW_LOOKUP_MS && good.has(at)),
  };
}

/** Whether the last run of a name ended unresolved because somebody stayed silent while its asker waited. */
export const waitedOut = (view: NameView): boolean =>
  !view.sample.resolved && view.sample.steps.some((step) => step.outcome === 'timeout');

/** Whether a name has answered well, and in good time, twice in a row. */
export const settled = ({ ok, ms }: NameView): boolean =>
  lastPass(ok, 2, (value) => value === 1) && lastPass(ms, 2, (value) => value < SLOW_LOOKUP_MS);

/** A name that somebody denies at once and that never was valid while watched: a search-list miss, no trouble. */
const neverWas = ({ sample, late, ok }: NameView): boolean =>
  late.length === 0 &&
  sample.steps.every((step) => answered(step.outcome) && step.ms < SLOW_LOOKUP_MS) &&
  !ok.some((point) => point.value === 1);

/**
 * A nameserver that nobody has to wait for: another one gives the same name, and is asked before it or at once after
 * it (resolv.conf(5): the next one is asked when one refuses, or after its timeout).
 */
function spared(view: NameView, place: number, all: readonly NameView[]): boolean {
  const other = all.findIndex((one) => one !== view && one.name === view.name && settled(one));
  const quick = view.sample.steps.every((step) => step.outcome !== 'timeout');
  return other >= 0 && !view.sample.resolved && (quick || other < place);
}

/** Whether any resolver let an asker wait in vain, or nearly so, lately: the waits of others may be its doing. */
export function lookupsTroubled(history: History, ms: number): boolean {
  const since = history.now - ms;
  const all = resolvers(history).flatMap((view) => view.names);
  return all
    .filter((view, place) => !neverWas(view) && !spared(view, place, all))
    .some(
      (view) =>
        view.late.length > 0 ||
        !view.sample.resolved ||
        view.ok.some((point) => point.at >= since && point.value === 0) ||
        view.ms.some((point) => point.at >= since && point.value >= SLOW_LOOKUP_MS),
    );
}
