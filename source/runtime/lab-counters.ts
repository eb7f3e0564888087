import type { Lab } from '../labs/lab.js';
import type { Probe, ProbeOutcome } from '../probes/probe.js';
import { foldCounters, type LabCounters, type LabState } from '../store/lab.js';

/** Reads a lab's own counters into a part of the state that nobody judges. */
export interface LabWatch {
  /** Run with the others, so that its health is shown among theirs. */
  readonly probe: Probe<LabCounters>;
  /** Takes an outcome; true where it was the lab's, and so no business of the history. */
  take(outcome: ProbeOutcome): boolean;
  state(): LabState | null;
}

export function watchLab(lab: Lab): LabWatch {
  let state: LabState | null = null;
  const probe: Probe<LabCounters> = {
    id: 'lab',
    title: "The lab's own counters",
    reads: 'messages to the lab services',
    cost: 'counter',
    intervalMs: 1000,
    timeoutMs: 2000,
    run: () => lab.counters(),
  };
  return {
    probe,
    take(outcome) {
      if (outcome.id !== probe.id) return false;
      state = foldCounters(state, outcome.at, outcome.ok ? (outcome.sample as LabCounters) : null);
      return true;
    },
    state: () => state,
  };
}
