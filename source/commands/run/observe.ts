import type { Finding } from '../../store/finding.js';
import type { FaultlineState } from '../../store/state.js';

/** Findings that stand for themselves: firing or just gone, not explained by another, most likely first. */
export function topFindings(state: FaultlineState): readonly Finding[] {
  return state.findings.filter(
    (finding) => finding.state !== 'pending' && finding.severity !== 'notice' && finding.explainedBy === null,
  );
}

/** A restart that is over, with everything well since, is no trouble: it is what mended the run before this one. */
const OVER = 'service-restarted';

/**
 * Why the system is not in a steady state, or undefined when it is: every target answers well, every pair of the
 * connectivity matrix connects, and nothing is found.
 */
export function unsteady(state: FaultlineState): string | undefined {
  const targets = Object.values(state.latest.http);
  if (targets.length === 0) return 'no HTTP target has answered yet';
  const bad = targets.find((target) => target.stale || !target.sample.ok);
  if (bad)
    return `${bad.sample.target}: ${bad.stale ? 'no fresh answer' : (bad.sample.failure?.text ?? 'not well')}`;
  const matrix = state.latest.matrix;
  const cut = matrix?.stale
    ? undefined
    : matrix?.sample.cells.find(({ outcome }) => outcome !== 'connected' && outcome !== 'unmeasured');
  if (cut) return `${cut.source} → ${cut.target}: ${cut.outcome}`;
  const found = topFindings(state).find(({ id }) => id !== OVER);
  return found ? `still found: ${found.title}` : undefined;
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
