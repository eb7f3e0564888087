import { openEntries } from '../../faults/desk/journal.js';
import type { Experiment, Marks, Stage } from '../../labs/swarm/experiment.js';
import type { FindingsSection } from '../../labs/swarm/findings/page.js';
import type { SwarmLab } from '../../labs/swarm/lab/swarm-lab.js';
import type { Store, VerifyCheck } from '../../store/state.js';
import { type EmitEvent, RUN_PHASES, type RunPhase, type RunResult } from './events.js';

export interface ExperimentParts {
  readonly lab: SwarmLab;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly emit: EmitEvent;
  /** Takes everything back; resolves to what is left. `ended` where no other experiment comes after. */
  readonly clean: (ended: boolean) => Promise<readonly string[]>;
}

/** One experiment end to end, everything taken back whatever happened before. Never rejects. */
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
  const { tell, phase } = teller(experiment.id, parts.emit);
  const stage: Stage = { lab, store, signal, marks, tell };
  let reason: string | null = null;
  let checks: readonly VerifyCheck[] = [];
  let section: FindingsSection | null = null;
  try {
    ({ checks, section } = await experiment.run(stage));
  } catch (error) {
    reason = signal.aborted ? 'interrupted' : error instanceof Error ? error.message : String(error);
    tell(phase(), 'failed', reason);
  }
  const residue = await cleanUp(parts, tell);
  if (reason === null && residue.length > 0) reason = `left behind: ${residue.join('; ')}`;
  return {
    section,
    result: {
      result: reason === null ? 'passed' : 'failed',
      scenario: experiment.id,
      detectedMs: between(marks.injectedAt, marks.namedAt),
      named: marks.named?.id ?? null,
      rank: marks.rank,
      mttrMs: between(marks.symptomAt, marks.verifiedAt),
      checks,
      residue,
      reason,
    },
  };
}

/** Tells phases in their order: one that is told late stays in its place, and none goes back. */
function teller(scenario: string, emit: EmitEvent): { tell: Stage['tell']; phase(): RunPhase } {
  const beganAt = Date.now();
  let phase: RunPhase = 'baseline';
  return {
    phase: () => phase,
    tell(at, state, text, detail) {
      if (RUN_PHASES.indexOf(at) > RUN_PHASES.indexOf(phase)) phase = at;
      const now = Date.now();
      emit({ t: now - beganAt, at: now, scenario, phase: at, state, text, ...(detail ? { detail } : {}) });
    },
  };
}

async function cleanUp({ clean, signal }: ExperimentParts, tell: Stage['tell']): Promise<readonly string[]> {
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
  const isClean = residue.length === 0;
  tell('clean', isClean ? 'done' : 'failed', isClean ? 'nothing is left behind' : residue.join('; '), {
    residue,
  });
  return residue;
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, Math.round(to - from));
}
