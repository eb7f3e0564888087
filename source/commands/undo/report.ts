import { sanitise } from '../../terminal/sanitise.js';
import { section } from '../text/table.js';

/** What `faultline undo` did and what it could not do, one line each. */
export interface UndoReport {
  readonly done: readonly string[];
  readonly residue: readonly string[];
}

/** What was done and what is left, as a person reads it. */
export function undoText(report: UndoReport): string {
  const clean = (lines: readonly string[]): string[] => lines.map((line) => sanitise(line, 400));
  if (report.done.length === 0 && report.residue.length === 0)
    return 'Nothing to undo: nothing was left behind.';
  return [
    report.residue.length === 0 ? 'Everything is rolled back.' : 'Not everything could be rolled back.',
    ...section('Done', clean(report.done)),
    ...section('Left', clean(report.residue)),
  ].join('\n');
}
