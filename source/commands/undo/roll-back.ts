import { reapDeadLabs } from '../../engines/embedded/settle.js';

/** What `faultline undo` did and what it could not do, one line each. */
export interface UndoReport {
  readonly done: readonly string[];
  readonly residue: readonly string[];
}

/** Ends the labs whose console is no longer alive. Labs of live consoles are theirs. */
export async function rollBack(): Promise<UndoReport> {
  const labs = await reapDeadLabs();
  return {
    done: labs
      .filter(({ left }) => left.length === 0)
      .map(({ id }) => `lab ${id}: its console had died; ended`),
    residue: labs.flatMap(({ id, left }) =>
      left.map((what) => `lab ${id}: process ${what.pid} could not be ended`),
    ),
  };
}
