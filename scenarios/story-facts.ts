import { databaseText, isInnocent } from '../source/diagnosis/facts/database.js';
import type { Finding } from '../source/store/finding.js';
import type { FaultlineState, StoryStep } from '../source/store/state.js';

/** Makes the steps of a story that has `of` of them. */
export const stepsOf =
  (of: number) =>
  (step: number, title: string, lookAt: string, customersSee: string): StoryStep => ({
    step,
    of,
    title,
    lookAt,
    customersSee,
  });

/** The cause that was named, or undefined while there is none. */
export const namedFinding = (state: FaultlineState): Finding | undefined =>
  state.findings.find(
    (finding) => finding.namedAt !== null && finding.explainedBy === null && finding.severity !== 'notice',
  );

/** What the database's own probe says in figures; empty when it is not read now. */
export function database(state: FaultlineState): string {
  const latest = state.latest.postgres;
  return latest && !latest.stale ? databaseText(latest.sample) : '';
}

/** Whether those figures clear it. */
export function databaseIsInnocent(state: FaultlineState): boolean {
  const latest = state.latest.postgres;
  return latest !== undefined && !latest.stale && isInnocent(latest.sample);
}

/** What to do about the finding, as its own fix says. */
export function whatToPress(finding: Finding, state: FaultlineState): string {
  if (state.session.readOnly) return 'read the finding';
  const action = finding.fix.find((fix) => fix.when === 'now' && fix.action)?.action;
  if (action?.name === 'restart') return `press r to restart ${action.argument ?? ''}`.trim();
  return state.faults.length > 0 ? 'press u to take the fault back' : 'read in the finding what to do';
}

/** Targets whose last fresh run failed. */
export function failingTargets(state: FaultlineState): number {
  return Object.values(state.latest.http).filter((latest) => !latest.stale && !latest.sample.ok).length;
}
