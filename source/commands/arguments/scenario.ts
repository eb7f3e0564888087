import type { FailureMode } from '../../../scenarios/failure-mode.js';
import { suggestion } from './nearest.js';
import { UsageError } from './usage-error.js';

/** The failure mode of an id as it was typed. Throws UsageError with the nearest id when there is none. */
export async function parseScenario(id: string): Promise<FailureMode> {
  const { failureModes } = await import('../../../scenarios/index.js');
  const mode = failureModes.find((candidate) => candidate.id === id);
  if (mode) return mode;
  const ids = failureModes.map((candidate) => candidate.id);
  throw new UsageError(`unknown scenario ${id}${suggestion(id, ids)}`);
}
