import { reapDeadLabs } from '../../engines/embedded/settle.js';
import { close } from '../../faults/desk/journal.js';
import { type Undone, undoAll } from '../../faults/desk/undo.js';
import { askOwners } from './ask-owners.js';
import { reapDockerLabs } from './reap-docker-labs.js';
import type { UndoReport } from './report.js';

/** Crosses out what was undone but differs from before: what differs is taken as it is now. */
function acceptAsIs(faults: readonly Undone[]): readonly Undone[] {
  return faults.map((fault) => {
    const { outcome, residue = [] } = fault;
    if (outcome !== 'left' || residue.length === 0) return fault;
    close(fault.id);
    return { ...fault, outcome: 'undone', detail: `taken as it is now: ${residue.join('; ')}` };
  });
}

/**
 * Rolls back the journal: labs of dead consoles are ended, live consoles are asked to undo what they injected, and
 * what then still stands in the journal is rolled back from here; then labs of dead consoles on Docker go, too.
 */
export async function rollBack({ accept = false } = {}): Promise<UndoReport> {
  const labs = await reapDeadLabs();
  const asked = await askOwners();
  const undone = await undoAll();
  const faults = accept ? acceptAsIs(undone) : undone;
  // Last: what was caused in its containers is rolled back before they go.
  const docker = await reapDockerLabs();
  const lines = (left: boolean): string[] =>
    faults
      .filter(({ outcome }) => (outcome === 'left') === left)
      .map(({ scenario, what, outcome, detail }) =>
        [`${scenario}: ${what}: ${outcome}`, ...(detail === outcome ? [] : [detail])].join(', '),
      );
  return {
    done: [
      ...labs
        .filter(({ left }) => left.length === 0)
        .map(({ id }) => `lab ${id}: its console had died; ended`),
      ...asked,
      ...lines(false),
      ...docker.done,
    ],
    residue: [
      ...labs.flatMap(({ id, left }) => left.map((what) => `lab ${id}: ${what}`)),
      ...lines(true),
      ...docker.residue,
    ],
    notes: docker.notes,
  };
}
