import type { Latest } from '../../source/store/history.js';
import type { Point } from '../../source/store/series.js';
import type { FaultlineState, ProbeHealth } from '../../source/store/state.js';
import { ageText } from '../widgets/age.js';
import { isSick } from '../widgets/levels.js';
import { databaseVerdict } from './database.js';
import type { Gauge, Reading } from './gauge.js';
import { GAUGES } from './gauges.js';

/** How much of the past a sparkline shows (ms). */
export const SPARK_SPAN_MS = 120_000;

/** Said of a gauge whose probes answer, but have not yet given what it needs: a rate needs two answers. */
const AWAITED = 'no figure yet';
/** Said while no probe of it has answered at all. */
const FIRST = 'first reading…';

/** Reads all gauges that apply; a figure that could not be read says why and is never zero. */
export function readGauges(state: FaultlineState): readonly Reading[] {
  return GAUGES.filter((gauge) => gauge.applies(state)).map((gauge) => readGauge(gauge, state));
}

/** Sick ones first, then the unknown, then the healthy; within these groups the order never changes. */
export function inOrder(readings: readonly Reading[]): readonly Reading[] {
  const sick = readings.filter((reading) => isSick(reading.level));
  const unknown = readings.filter((reading) => reading.level === 'unknown' && reading.stale);
  const unread = readings.filter((reading) => reading.level === 'unknown' && !reading.stale);
  const healthy = readings.filter((reading) => reading.level === 'ok');
  return [...sick, ...unknown, ...healthy, ...unread];
}

function readGauge(gauge: Gauge, state: FaultlineState): Reading {
  const points = visiblePoints(gauge, state);
  const newest = points.at(-1);
  const source = newestSample(gauge, state);
  const age = ageText(source, state.now);
  if (!newest || Number.isNaN(newest.value)) {
    const down = gauge.id === 'database' && state.latest.postgres?.sample.failure;
    if (down && age === '')
      return { gauge, points, value: '–', ...databaseVerdict(state), waiting: false, stale: false };
    const word = whyNot(gauge, state);
    return {
      gauge,
      points,
      value: '–',
      level: 'unknown',
      word,
      waiting: word === AWAITED || word === FIRST,
      stale: false,
    };
  }
  const value = gauge.format(newest.value, state);
  if (age !== '') return { gauge, points, value, level: 'unknown', word: age, waiting: false, stale: true };
  return { gauge, points, value, ...gauge.judge(newest.value, state), waiting: false, stale: false };
}

/** Points up to the commit that is drawn: the book may already hold newer ones. */
function visiblePoints(gauge: Gauge, state: FaultlineState): readonly Point[] {
  const since = state.now - SPARK_SPAN_MS;
  const points = gauge.pointsOf?.(state) ?? state.series.get(gauge.signal)?.since(since) ?? [];
  return points.filter((point) => point.at >= since && point.at <= state.now);
}

type Entry = readonly [probe: string, latest: Pick<Latest<unknown>, 'at' | 'stale'> | null | undefined];

const listed = new WeakMap<FaultlineState['latest'], readonly Entry[]>();

/** Every sample by the probe that took it: listed once a commit, for all gauges. */
function entriesOf(latest: FaultlineState['latest']): readonly Entry[] {
  const before = listed.get(latest);
  if (before) return before;
  const { http, inside = {}, lookups = {}, ...single } = latest;
  const entries: readonly Entry[] = [
    ...Object.entries(single),
    ...Object.entries(http).map(([target, one]) => [`http:${target}`, one] as const),
    ...Object.entries(inside).map(([name, one]) => [`inside:${name}`, one] as const),
    ...Object.entries(lookups).map(([name, one]) => [`dns:${name}`, one] as const),
  ];
  listed.set(latest, entries);
  return entries;
}

/** The freshest sample of the gauge's source: stale only when all of its probes are. */
function newestSample(
  gauge: Gauge,
  state: FaultlineState,
): Pick<Latest<unknown>, 'at' | 'stale'> | undefined {
  const entries: readonly Entry[] = [['lab', state.lab], ...entriesOf(state.latest)];
  let best: Pick<Latest<unknown>, 'at' | 'stale'> | undefined;
  for (const [id, latest] of entries) {
    if (!latest || !gauge.probe(id)) continue;
    if (!best || (best.stale && !latest.stale) || (best.stale === latest.stale && latest.at > best.at))
      best = latest;
  }
  return best;
}

/** Why there is no figure, in a few words. */
function whyNot(gauge: Gauge, state: FaultlineState): string {
  const probes: ProbeHealth[] = Object.values(state.probes).filter((health) => gauge.probe(health.id));
  if (probes.length === 0) return 'nothing to ask';
  const broken = probes.find((health) => health.reason !== null);
  if (broken?.kind === 'not-loaded') return 'not loaded';
  if (broken?.kind === 'not-configured') return 'not configured';
  if (broken?.reason) return broken.reason;
  return probes.every((health) => health.state === 'waiting') ? FIRST : AWAITED;
}
