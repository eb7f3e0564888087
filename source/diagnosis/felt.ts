import type { Finding } from '../store/finding.js';
import type { History } from '../store/history.js';
import { targets } from './facts/http.js';
import { meet, placeOf } from './places.js';
import type { DiagnosisState } from './state.js';

/**
 * The findings that users feel, as targets stand for users: those that reach or show at a target that fails; while none
 * fails, at any target. Where nothing is probed, each finding is one.
 */
export function feltOf(
  history: History,
  findings: readonly Finding[],
  { active }: DiagnosisState,
): readonly Finding[] {
  const all = targets(history);
  if (all.length === 0) return findings;
  const failing = all.filter(({ sample }) => !sample.ok);
  const places = (failing.length > 0 ? failing : all).map(({ address }) => placeOf(address));
  return findings.filter(({ key }) => {
    const extent = active[key]?.extent;
    return extent !== undefined && meet([...extent.radius, ...extent.seenAt], places);
  });
}
