import type { Finding } from '../source/store/finding.js';
import { isGrave } from '../source/store/signs/level.js';
import { signsOf } from '../source/store/signs/signs.js';
import type { FaultlineState, Outage } from '../source/store/state.js';
import { unjudged } from '../source/store/unread.js';
import type { Gauge, Reading } from './symptoms/gauge.js';
import { readGauges } from './symptoms/read.js';
import { isSick } from './widgets/levels.js';

/** How the whole stands: what the header and the finding panel say first. */
export type Standing =
  | {
      readonly kind: 'sick';
      readonly causes: readonly Finding[];
      readonly since: number;
      readonly outage: boolean;
    }
  | { readonly kind: 'unnamed'; readonly symptoms: readonly string[]; readonly since: number | null }
  | {
      readonly kind: 'well';
      readonly since: number;
      /** What could not be read, and so is not among what is well. */
      readonly unread: readonly string[];
      /** Titles of gauges over a window that still carry the outage that has just ended. */
      readonly settling: readonly string[];
    }
  | { readonly kind: 'waiting' };

/** HTTP quantiles look back a minute (store/intake/windows.ts), and a tick more (ms). */
const LONGEST_WINDOW_MS = 65_000;

/** The outage that is going on, or null. */
export function openOutage(state: FaultlineState): Outage | null {
  const outage = state.outage;
  return outage && outage.symptomAt !== null && outage.verifiedAt === null ? outage : null;
}

/** Findings that nothing else explains, worst first as the diagnosis ordered them. */
export function causesOf(state: FaultlineState): readonly Finding[] {
  const active = new Set(state.findings.map((finding) => finding.key));
  return state.findings.filter(
    (finding) =>
      finding.state !== 'pending' && !(finding.explainedBy !== null && active.has(finding.explainedBy)),
  );
}

/**
 * Judges the state: sick and named, sick and not named yet, well, or nothing read so far. The one place that says "well":
 * it does so only while nothing is drawn as sick.
 */
export function standing(state: FaultlineState): Standing {
  const outage = openOutage(state);
  const causes = causesOf(state);
  const first = causes[0];
  if (first) {
    const since = outage?.symptomAt ?? Math.min(...causes.map((finding) => finding.since));
    return { kind: 'sick', causes, since, outage: outage !== null };
  }
  const readings = readGauges(state);
  const ended = endOfOutage(state);
  const sick = readings.filter((reading) => isSick(reading.level));
  const settling = sick.filter((reading) => isSettling(reading, state)).map(titleOf);
  const symptoms = [
    ...sick
      .filter(({ level }) => isGrave(level))
      .map(titleOf)
      .filter((title) => !settling.includes(title)),
    ...signsOf(seenIn(state)).map(({ text }) => text),
  ];
  if (outage || symptoms.length > 0) return { kind: 'unnamed', symptoms, since: outage?.symptomAt ?? null };
  const known = readings.filter((reading) => reading.level === 'ok' || reading.level === 'notice');
  if (known.length === 0) return { kind: 'waiting' };
  const stale = readings.filter((reading) => reading.stale).map(titleOf);
  const unread = [...new Set([...unjudged(state), ...stale])];
  return { kind: 'well', since: ended ?? state.session.startedAt, unread, settling };
}

const endOfOutage = (state: FaultlineState): number | null =>
  state.outage?.verifiedAt ?? state.lastOutage?.verifiedAt ?? null;

/** Whether a gauge is sick only because its window still counts the outage that has just ended. */
export function isSettling(reading: Reading, state: FaultlineState): boolean {
  const ended = endOfOutage(state);
  return (
    isSick(reading.level) &&
    isWindowed(reading.gauge) &&
    ended !== null &&
    openOutage(state) === null &&
    state.now - ended < LONGEST_WINDOW_MS &&
    allAnswer(state)
  );
}

const seenIn = ({ now, latest, series }: FaultlineState) => ({
  now,
  latest,
  newest: (signal: string) => series.get(signal)?.fromEnd(0)?.value,
});

const titleOf = (reading: Reading) => reading.gauge.title;
const isWindowed = (gauge: Gauge) => /^(http|dns)\./.test(gauge.signal);

/** Whether every target answered its last probe. */
function allAnswer(state: FaultlineState): boolean {
  return Object.values(state.latest.http).every((latest) => latest.sample.ok && !latest.stale);
}
