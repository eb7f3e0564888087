import { pause } from '../../clock.js';
import type { RunContext } from './context.js';
import { topFindings } from './observe.js';
import { residueOf } from './residue.js';
import { tellResidue } from './teller.js';
import { waitFor, within } from './waiting.js';

/** Taking everything back is bounded too (ms). */
const UNDO_MS = 60_000;
/** The store shows what was undone at its next tick, one a second (ms). */
const TICK_MS = 1200;

/**
 * Rolls back whatever was caused, also after a failure or an interrupt, and returns what is left behind: faults in
 * the journal, and, when the run was not interrupted, a finding that does not go. Never rejects.
 */
export async function cleanUp({
  runtime,
  mode,
  signal,
  timeouts,
  marks,
  tell,
}: RunContext): Promise<readonly string[]> {
  tell('clean', 'begin', 'taking everything back');
  const residue: string[] = [];
  try {
    const undone = await within(runtime.clock, runtime.act('undo-all'), UNDO_MS, 'undoing');
    if (!undone.ok) residue.push(undone.text);
    else tell('clean', 'progress', undone.text);
    await pause(runtime.clock, TICK_MS);
    residue.push(...(await residueOf(runtime)));
    if (marks.verifiedAt !== null && !signal.aborted) {
      const gone = await waitFor(runtime, timeouts.settleMs, signal, (state) =>
        topFindings(state).some((finding) => finding.id === mode.id) ? undefined : true,
      );
      if (!gone) residue.push(`${mode.id} is still found`);
    }
  } catch (error) {
    if (!signal.aborted) residue.push(error instanceof Error ? error.message : String(error));
  }
  tellResidue(tell, residue);
  return residue;
}
