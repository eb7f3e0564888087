import type { ActionProgress } from '../../store/state.js';

/** What an outcome is called after a count: "70 timed out". */
const PAST: Readonly<Record<string, string>> = {
  timeout: 'timed out',
  refused: 'refused',
  reset: 'reset',
  'no-name': 'found no name',
  unreachable: 'found no route',
  'no-local-port': 'found no local port',
  'no-descriptor': 'found no file descriptor',
  aborted: 'stopped by us',
  protocol: 'answered with something that is not HTTP',
  failed: 'failed',
};

const isStatus = (outcome: string): boolean => /^\d{3}$/.test(outcome);
const isOk = (outcome: string): boolean => /^2\d\d$/.test(outcome);

/** Outcomes in a stable order: good statuses, other statuses, then failures by name. */
function ordered(outcomes: Readonly<Record<string, number>>): [string, number][] {
  const weight = (outcome: string): number => (isOk(outcome) ? 0 : isStatus(outcome) ? 1 : 2);
  return Object.entries(outcomes).sort(([a], [b]) => weight(a) - weight(b) || (a < b ? -1 : Number(a !== b)));
}

/** "50 answered, 3 answered 500, 70 timed out". */
export function outcomesText(outcomes: Readonly<Record<string, number>>): string {
  const good = Object.entries(outcomes).reduce((sum, [outcome, n]) => sum + (isOk(outcome) ? n : 0), 0);
  const rest = ordered(outcomes)
    .filter(([outcome]) => !isOk(outcome))
    .map(([outcome, n]) => `${n} ${isStatus(outcome) ? `answered ${outcome}` : (PAST[outcome] ?? outcome)}`);
  return [`${good} answered`, ...rest].join(', ');
}

/** One row an outcome, for a results table. */
export function outcomeRows(outcomes: Readonly<Record<string, number>>): ActionProgress['rows'] {
  return ordered(outcomes).map(([outcome, n]) => ({
    label: isStatus(outcome) ? `HTTP ${outcome}` : (PAST[outcome] ?? outcome),
    value: String(n),
    ok: isOk(outcome),
  }));
}
