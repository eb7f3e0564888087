import { mean, quantile as nearestRank } from '../../probes/quantile.js';
import { isRight, type Measured, type Told } from './measured.js';

/** What a benchmark comes to. Pure. */

/** The column of a matrix for a run in which nothing was told. */
export const NOTHING = 'nothing';

/** How one scenario went over its runs. */
export interface ScenarioFigures {
  readonly what: string;
  readonly runs: number;
  /** Named first. */
  readonly right: number;
  /** Of those that were named: how many tell the place, of how many that have one. */
  readonly placed: number;
  readonly placeable: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  /** Lowest and highest score of the right name. */
  readonly scores: readonly [number, number] | null;
  /** What else was on top, by how often. */
  readonly instead: ReadonlyMap<string, number>;
}

/** How often scores within a range were right. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly right: number;
  readonly of: number;
  readonly meanScore: number;
  /** 95 % interval of the share (Wilson 1927). */
  readonly interval: readonly [number, number];
}

export interface Figures {
  readonly scenarios: readonly ScenarioFigures[];
  readonly pairs: readonly ScenarioFigures[];
  readonly controls: readonly ScenarioFigures[];
  /** Share of the runs of single causes that were named first; null without any. */
  readonly top1: number | null;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  /** Findings in controls. */
  readonly falseAlarms: number;
  /** Mean square of score against right (1) or wrong (0) of what was told first (Brier 1950); null when nothing was told. */
  readonly brier: number | null;
  readonly bins: readonly Bin[];
  /** Row: what was caused; column: what was told first. */
  readonly matrix: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Scores are put together in ranges that end here: the places of `cannot tell`, `likely` and `confirmed`, halved. */
const BIN_ENDS = [0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

export function figuresOf(runs: readonly Measured[]): Figures {
  const of = (kind: Measured['kind']): Measured[] => runs.filter((one) => one.kind === kind);
  const causes = of('cause');
  const times = [...causes, ...of('pair')].flatMap(({ namedMs }) => namedMs ?? []);
  const first = causes.flatMap((one) => firstOf(one));
  const squares = first.map(({ told, right }) => (told.score - Number(right)) ** 2);
  return {
    scenarios: grouped(causes),
    pairs: grouped(of('pair')),
    controls: grouped(of('control')),
    top1: causes.length === 0 ? null : causes.filter(isRight).length / causes.length,
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    falseAlarms: of('control').reduce((sum, { told }) => sum + told.length, 0),
    brier: squares.length === 0 ? null : mean(squares),
    bins: binsOf(first),
    matrix: matrixOf(causes),
  };
}

interface First {
  readonly told: Told;
  readonly right: boolean;
}

const firstOf = ({ told: [first], wanted, reason }: Measured): First[] =>
  first && reason === null ? [{ told: first, right: wanted.includes(first.id) }] : [];

function grouped(runs: readonly Measured[]): ScenarioFigures[] {
  return [...groups(runs, ({ what }) => what)].map(([what, its]) => {
    const good = its.filter(isRight);
    const times = good.flatMap(({ namedMs }) => namedMs ?? []);
    const scores = good.flatMap(({ told, wanted }) =>
      told.filter(({ id }) => wanted.includes(id)).map(({ score }) => score),
    );
    const wrong = its.filter((one) => !isRight(one)).map(insteadOf);
    return {
      what,
      runs: its.length,
      right: good.length,
      placed: good.filter(({ placed }) => placed === true).length,
      placeable: good.filter(({ placed }) => placed !== null).length,
      medianMs: quantile(times, 0.5),
      p95Ms: quantile(times, 0.95),
      scores: scores.length === 0 ? null : [Math.min(...scores), Math.max(...scores)],
      instead: counted(wrong),
    };
  });
}

const insteadOf = ({ told, reason, kind }: Measured): string =>
  reason ?? (kind === 'cause' ? told[0]?.id : told.map(({ id }) => id).join(', ')) ?? NOTHING;

function matrixOf(causes: readonly Measured[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const measured = causes.filter(({ reason }) => reason === null);
  return new Map(
    [...groups(measured, ({ wanted }) => wanted[0] ?? NOTHING)].map(([id, its]) => [
      id,
      counted(its.map(({ told }) => told[0]?.id ?? NOTHING)),
    ]),
  );
}

function binsOf(first: readonly First[]): Bin[] {
  return BIN_ENDS.flatMap((to, i) => {
    const from = i === 0 ? 0 : (BIN_ENDS[i - 1] ?? 0);
    const its = first.filter(({ told: { score } }) => score > from && score <= to);
    if (its.length === 0) return [];
    const right = its.filter((one) => one.right).length;
    const meanScore = mean(its.map(({ told }) => told.score));
    return [{ from, to, right, of: its.length, meanScore, interval: wilson(right, its.length) }];
  });
}

/** Where a share surely lies (95 %), given so many of so many: Wilson's score interval, for small counts as well. */
export function wilson(right: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const share = right / of;
  const middle = share + z ** 2 / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

/** The value that a share of others does not exceed; null without any. */
export function quantile(values: readonly number[], share: number): number | null {
  return values.length === 0 ? null : nearestRank(values, share);
}

function groups<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(keyOf(one), [...(found.get(keyOf(one)) ?? []), one]);
  return found;
}

const counted = (names: readonly string[]): Map<string, number> =>
  new Map([...groups(names, (name) => name)].map(([name, all]) => [name, all.length]));
