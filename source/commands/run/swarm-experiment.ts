import { systemClock } from '../../clock.js';
import { openEntries } from '../../faults/desk/journal.js';
import type { Experiment, Marks, Stage } from '../../labs/swarm/experiment.js';
import type { FindingsSection } from '../../labs/swarm/findings/page.js';
import type { SwarmLab } from '../../labs/swarm/lab/swarm-lab.js';
import type { Store, VerifyCheck } from '../../store/state.js';
import { watchClock } from './clock-set.js';
import type { EmitEvent, RunResult } from './events.js';
import { between, createTeller, reasonOf, type Tell, tellResidue, whyFailed } from './teller.js';

export interface ExperimentParts {
  readonly lab: SwarmLab;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly emit: EmitEvent;
  /** Takes everything back; resolves to what is left. `ended` where no other experiment comes after. */
  readonly clean: (ended: boolean) => Promise<readonly string[]>;
}

/** One experiment end to end, everything rolled back whatever happened before. Never rejects. */
export async function runExperiment(
  experiment: Experiment,
  parts: ExperimentParts,
): Promise<{ readonly result: RunResult; readonly section: FindingsSection | null }> {
  const { lab, store, signal } = parts;
  const marks: Marks = {
    injectedAt: null,
    symptomAt: null,
    namedAt: null,
    verifiedAt: null,
    named: null,
    rank: null,
  };
  const { tell, phase } = createTeller(experiment.id, parts.emit, Date.now);
  const clockSet = watchClock(systemClock);
  const stage: Stage = { lab, store, signal, marks, tell };
  let reason: string | null = null;
  let checks: readonly VerifyCheck[] = [];
  let section: FindingsSection | null = null;
  try {
    ({ checks, section } = await experiment.run(stage));
  } catch (error) {
    reason = reasonOf(error, signal);
    tell(phase(), 'failed', reason);
  }
  const residue = await cleanUp(parts, tell);
  const set = clockSet();
  reason = whyFailed(set, reason, residue);
  return {
    section,
    result: {
      result: reason === null ? 'passed' : 'failed',
      scenario: experiment.id,
      detectedMs: set === null ? between(marks.injectedAt, marks.namedAt) : null,
      named: marks.named?.id ?? null,
      rank: marks.rank,
      mttrMs: set === null ? between(marks.symptomAt, marks.verifiedAt) : null,
      checks,
      residue,
      reason,
    },
  };
}

async function cleanUp({ clean, signal }: ExperimentParts, tell: Tell): Promise<readonly string[]> {
  tell('clean', 'begin', 'taking everything back');
  let residue: readonly string[];
  try {
    residue = await clean(signal.aborted);
  } catch (error) {
    residue = [error instanceof Error ? error.message : String(error)];
  }
  const open = openEntries().entries.filter(
    ({ owner, scenario }) => owner.pid === process.pid && scenario !== 'swarm-lab',
  );
  residue = [...residue, ...open.map(({ id, what }) => `still in the journal: ${what} (${id})`)];
  tellResidue(tell, residue);
  return residue;
}
