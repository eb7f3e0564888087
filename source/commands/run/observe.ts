import type { Finding } from '../../store/finding.js';
import type { FaultlineState } from '../../store/state.js';

/** Findings that stand for themselves: firing or just gone, not explained by another, most likely first. */
export function topFindings(state: FaultlineState): readonly Finding[] {
  return state.findings.filter(
    (finding) => finding.state !== 'pending' && finding.severity !== 'notice' && finding.explainedBy === null,
  );
}

/** Why the system is not in a steady state, or undefined when it is: every target answers well and nothing is found. */
export function unsteady(state: FaultlineState): string | undefined {
  const targets = Object.values(state.latest.http);
  if (targets.length === 0) return 'no HTTP target has answered yet';
  const bad = targets.find((target) => target.stale || !target.sample.ok);
  if (bad)
    return `${bad.sample.target}: ${bad.stale ? 'no fresh answer' : (bad.sample.failure?.text ?? 'not well')}`;
  const found = topFindings(state)[0];
  return found ? `still found: ${found.title}` : undefined;
}

export interface Symptom {
  /** Wall-clock ms. */
  readonly at: number;
  readonly text: string;
}

/** The first failing probe since `since` (wall-clock ms), or undefined while there is none. */
export function symptomSince(state: FaultlineState, since: number): Symptom | undefined {
  const failing = Object.values(state.latest.http)
    .filter((target) => target.at >= since && !target.sample.ok)
    .sort((a, b) => a.at - b.at)[0];
  const marked = state.outage?.symptomAt ?? state.lastOutage?.symptomAt ?? null;
  const markedAt = marked !== null && marked >= since ? marked : null;
  if (!failing) return markedAt === null ? undefined : { at: markedAt, text: 'an HTTP probe failed' };
  const { target, status, failure } = failing.sample;
  return {
    at: Math.min(failing.at, markedAt ?? failing.at),
    text: `${target} ${status ?? '000'}${failure ? `, ${failure.text}` : ''}`,
  };
}

/** How many HTTP probe runs ended since `since` (wall-clock ms), and how many of them well. */
export function answersSince(
  state: FaultlineState,
  since: number,
): { readonly ended: number; readonly good: number } {
  const points = state.series.get('http.ok')?.since(since) ?? [];
  return { ended: points.length, good: points.filter((point) => point.value === 1).length };
}

/** "SELECT 1 in 2 ms, 1 of 100 connections", or undefined where there is no database to look at. */
export function databaseText(state: FaultlineState): string | undefined {
  const sample = state.latest.postgres?.sample;
  if (!sample || sample.selectOneMs === null) return undefined;
  const used =
    sample.connections === null || sample.maxConnections === null
      ? ''
      : `, ${sample.connections} of ${sample.maxConnections} connections`;
  const ms = sample.selectOneMs < 10 ? sample.selectOneMs.toFixed(1) : String(Math.round(sample.selectOneMs));
  return `SELECT 1 in ${ms} ms${used}`;
}
