import { listManifests } from '../../engines/embedded/manifest.js';
import { belongsTo } from '../../engines/embedded/own-process.js';
import { isAlive, signalProcess } from '../../linux/process/identity.js';
import type { StepVerdict, UndoOutcome } from '../fault-verdict.js';
import { close, type JournalEntry, openEntries, type UndoStep } from './journal.js';

/** One entry of the journal, and how it ended. */
export interface Undone extends StepVerdict {
  readonly id: string;
  readonly scenario: string;
  readonly what: string;
}

/**
 * Rolls back every fault in the journal, newest first, from any process: it needs neither the console that caused them
 * nor its lab. Never rejects; what cannot be rolled back is in the list as `left`.
 */
export async function undoAll(): Promise<readonly Undone[]> {
  const { entries, unreadable } = openEntries();
  const done: Undone[] = [];
  // One after the other: a lab is removed only once what was caused in it is rolled back.
  for (const entry of [...entries].reverse()) done.push(await undoEntry(entry));
  for (const { path, why } of unreadable)
    done.push({ id: path, scenario: 'unknown', what: path, outcome: 'left', detail: why });
  return done;
}

/** Rolls back what processes that died left of Swarm labs. Never rejects; what is left stays in the journal. */
export async function undoDeadSwarms(): Promise<readonly Undone[]> {
  const ofSwarm = ({ undo }: JournalEntry): boolean => undo.some(({ kind }) => kind.startsWith('swarm-'));
  const dead = openEntries().entries.filter((entry) => ofSwarm(entry) && !isAlive(entry.owner));
  const done: Undone[] = [];
  for (const entry of [...dead].reverse()) done.push(await undoEntry(entry));
  return done;
}

/** Rolls one fault back and crosses it out. */
async function undoEntry(entry: JournalEntry): Promise<Undone> {
  const { id, scenario, what } = entry;
  const settled = (outcome: UndoOutcome, detail: string): Undone => {
    if (outcome !== 'left') close(id);
    return { id, scenario, what, outcome, detail };
  };
  try {
    const results: StepVerdict[] = [];
    for (const step of entry.undo) results.push(await undoStep(step, entry));
    const left = results.filter(({ outcome }) => outcome === 'left');
    const detail = (left.length > 0 ? left : results).map((result) => result.detail).join('; ');
    const residue = left.flatMap((result) => result.residue ?? []);
    if (left.length > 0) return { ...settled('left', detail), ...(residue.length > 0 ? { residue } : {}) };
    return settled(results.some(({ outcome }) => outcome === 'undone') ? 'undone' : 'target gone', detail);
  } catch (error) {
    return { id, scenario, what, outcome: 'left', detail: (error as Error).message };
  }
}

async function undoStep(step: UndoStep, entry: JournalEntry): Promise<StepVerdict> {
  const { target, owner } = entry;
  if (step.kind === 'swarm-service' || step.kind === 'swarm-lab') {
    // Loaded where it is needed only: the client of Docker is large.
    const { undoSwarmStep } = await import('./undo-swarm.js');
    return undoSwarmStep(step, entry);
  }
  if (step.kind === 'docker') {
    const { undoContainerStep } = await import('./undo-container.js');
    return undoContainerStep(step, entry);
  }
  if (step.kind === 'signal') return thaw(step, target);
  if (!listManifests().manifests.some(({ manifest }) => manifest.id === step.lab)) {
    return { outcome: 'target gone', detail: `lab ${step.lab} is gone, and its ${target.workload} with it` };
  }
  return {
    outcome: 'left',
    detail: isAlive(owner)
      ? `the console with pid ${owner.pid} runs that lab: undo it there, or quit it`
      : `lab ${step.lab} is still being ended; try again in a few seconds`,
  };
}

/** Thaws a process of a lab that is there, and no other. */
function thaw(
  { process, signal }: Extract<UndoStep, { kind: 'signal' }>,
  { lab, workload }: JournalEntry['target'],
): StepVerdict {
  const gone = { outcome: 'target gone', detail: `process ${process.pid} of ${workload} is gone` } as const;
  if (!isAlive(process)) return gone;
  const own = listManifests().manifests.find(({ manifest }) => manifest.id === lab);
  if (own === undefined || !belongsTo(process, own.manifest))
    return isAlive(process)
      ? {
          outcome: 'left',
          detail: `refused: process ${process.pid} is none of lab ${lab}'s; no ${signal} is sent to it`,
        }
      : gone;
  return signalProcess(process, signal)
    ? { outcome: 'undone', detail: `${signal} to ${workload} (pid ${process.pid})` }
    : gone;
}
