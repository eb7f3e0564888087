import type Docker from 'dockerode';
import { keepersOn } from '../agent/agent-container.js';
import type { FaultKind } from '../fault-spec.js';
import * as journal from './journal.js';

/**
 * Kinds of the other faults on a target: those that have a keeper, whichever console caused them, and those of the
 * journal, which may have lost theirs. Rejects when the daemon cannot be asked.
 */
export async function kindsBeside(
  docker: Docker,
  targetId: string,
  except: string,
): Promise<readonly FaultKind[]> {
  const kept = await keepersOn(docker, targetId);
  const written = journal
    .openEntries()
    .entries.flatMap(({ undo }) => undo)
    .flatMap((step) => (step.kind === 'docker' && step.plan.target.id === targetId ? [step.plan] : []))
    .filter(({ id }) => id !== except);
  const kinds = [
    ...kept.filter(({ fault }) => fault !== except).map(({ kind }) => kind),
    ...written.map(({ spec }) => spec.kind),
  ];
  return [...new Set(kinds)];
}
