import type { ActiveFault } from '../source/faults/fault-verdict.js';
import type { DockerLab, EmbeddedLab, Lab } from '../source/labs/lab.js';
import type { CauseProgress, DockerCause, EmbeddedCause, FailureMode } from './failure-mode.js';

/** One way to cause one failure on a lab that runs: what the console's menu, the runs and the undo stand on. */
export interface Causing {
  /** `partition:one-way`; the mode's id, or its demonstration's, where there is one form only. */
  readonly id: string;
  readonly mode: FailureMode;
  readonly variant: string | undefined;
  readonly title: string;
  readonly describe: string;
  readonly undoDescribe: string;
  /** Whether a fault has to be put in place first: nothing can be felt before that. */
  readonly takesFaults: boolean;
  /** Workloads that it is done to, by name; empty where it is load, or brings parts of its own. */
  readonly touches: readonly string[];
  /** Writes it to the journal and causes it; what was half done when it rejects is for `undo`. */
  inject(signal: AbortSignal, progress: CauseProgress): Promise<string>;
  /** Takes it back and crosses it out. Rejects with what is left. Safe to call twice. */
  undo(): Promise<void>;
  /** What an engineer does about it; says what was done. */
  fix(): Promise<string>;
}

/** Every failure that this lab can be given, in the modes' order. */
export function causingsOn(lab: Lab, modes: readonly FailureMode[]): readonly Causing[] {
  return modes.flatMap((mode) => {
    if (lab.kind === 'embedded') {
      const cause = mode.causes.embedded;
      return cause ? [inProcesses(lab, mode, cause)] : [];
    }
    return (mode.causes.docker ?? []).map((cause) => inContainers(lab, mode, cause));
  });
}

/** The failure of an id; a mode's id alone is its first form. */
export const findCausing = (causings: readonly Causing[], id: string): Causing | undefined =>
  causings.find((one) => one.id === id) ??
  causings.find(({ mode }) => mode.id === id || mode.mode.aliases?.includes(id));

// Loaded on a lab only: a host console and `check` start sooner without it.
const journal = () => import('../source/faults/desk/journal.js');

function inProcesses(lab: EmbeddedLab, mode: FailureMode, cause: EmbeddedCause): Causing {
  const { id, title } = mode.demonstration ?? mode;
  let entry: string | undefined;
  return {
    id,
    mode,
    variant: undefined,
    title,
    describe: cause.describe,
    undoDescribe: cause.undoDescribe,
    takesFaults: false,
    touches: [cause.target.workload],
    async inject(signal, progress) {
      const { record } = await journal();
      entry = record(lab.journalEntry({ scenario: id, what: cause.describe, ...cause.target })).id;
      return cause.inject(lab, signal, progress);
    },
    async undo() {
      await cause.undo(lab);
      if (entry !== undefined) (await journal()).close(entry);
    },
    fix: () => cause.fix(lab),
  };
}

function inContainers(lab: DockerLab, mode: FailureMode, cause: DockerCause): Causing {
  const { variant } = cause;
  const name = mode.demonstration ?? mode;
  let faults: ActiveFault[] = [];
  const undo = async (): Promise<void> => {
    const left: string[] = [];
    for (const fault of [...faults].reverse()) {
      const verdict = await lab.desk.undo(fault.plan.id);
      if (verdict.clean) faults = faults.filter((other) => other !== fault);
      else left.push(`${verdict.what}: ${verdict.residue.join(', ') || verdict.detail}`);
    }
    await cause.unload?.(lab);
    if (left.length > 0) throw new Error(left.join('; '));
  };
  return {
    id: variant === undefined ? name.id : `${name.id}:${variant}`,
    mode,
    variant,
    title: variant === undefined ? name.title : `${name.title} (${variant})`,
    describe: cause.describe,
    undoDescribe: cause.undoDescribe,
    takesFaults: cause.faults(lab).length > 0,
    touches: [...new Set(cause.faults(lab).map(({ target }) => target))],
    async inject(signal, progress) {
      const said: string[] = [];
      if (cause.prepare) said.push(await cause.prepare(lab, signal, progress));
      for (const spec of cause.faults(lab)) {
        const tell = (text: string): void => progress(text, null);
        const fault = await lab.desk.inject(spec, { scenario: name.id, signal, progress: tell });
        faults.push(fault);
        const effect = fault.effect ? `; effect: ${fault.effect.verdict}, ${fault.effect.signal}` : '';
        said.push(`${fault.plan.what} (${fault.plan.means})${effect}`);
      }
      if (cause.load) said.push(await cause.load(lab, signal, progress));
      return said.join('; ');
    },
    undo,
    async fix() {
      if (cause.fix) return cause.fix(lab);
      await undo();
      return cause.undoDescribe;
    },
  };
}
