import type { Finding } from '../../store/finding.js';
import type { Store, VerifyCheck } from '../../store/state.js';
import type { FindingsSection } from './findings/page.js';
import type { SwarmLab } from './lab/swarm-lab.js';

export type Phase = 'baseline' | 'inject' | 'symptom' | 'named' | 'fix' | 'verify' | 'clean';

/** What an experiment has: the lab, what the probes saw, and where to tell how it goes. */
export interface Stage {
  readonly lab: SwarmLab;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly marks: Marks;
  tell(
    phase: Phase,
    state: 'begin' | 'progress' | 'done' | 'failed',
    text: string,
    detail?: Record<string, unknown>,
  ): void;
}

/** What is known so far; wall-clock ms. */
export interface Marks {
  injectedAt: number | null;
  symptomAt: number | null;
  namedAt: number | null;
  verifiedAt: number | null;
  /** The finding on top, and where the right one stood, 1 being on top. */
  named: Finding | null;
  rank: number | null;
}

/** What an experiment measured and proved. */
export interface ExperimentOutcome {
  readonly checks: readonly VerifyCheck[];
  readonly section: FindingsSection;
}

/** One experiment on a Swarm service, with the id of the failure mode that it is a form of. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** What it will do, for `begin` and the help. */
  readonly describe: string;
  readonly undoDescribe: string;
  /** Runs it up to the proof of recovery. Rejects with what did not go as it should; the lab restores the service. */
  run(stage: Stage): Promise<ExperimentOutcome>;
}
