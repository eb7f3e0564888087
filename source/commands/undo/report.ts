import { sanitise } from '../../terminal/sanitise.js';
import { section } from '../text/table.js';

/** What `faultline undo` did and what it could not do or not see, one line each. */
export interface UndoReport {
  readonly done: readonly string[];
  readonly residue: readonly string[];
  /** What else is to be known of it: where there was nothing to look at. */
  readonly notes: readonly string[];
}

/** What was done and what is left, as a person reads it. */
export function undoText({ done, residue, notes }: UndoReport): string {
  const clean = (lines: readonly string[]): string[] => lines.map((line) => sanitise(line, 400));
  const noted = notes.length === 0 ? '' : ` (${clean(notes).join('; ')})`;
  if (done.length === 0 && residue.length === 0) return `Nothing to undo: nothing was left behind${noted}.`;
  return [
    `${residue.length === 0 ? 'Everything is rolled back' : 'Not everything could be seen or rolled back'}${noted}.`,
    ...section('Done', clean(done)),
    ...section('Left', clean(residue)),
  ].join('\n');
}
