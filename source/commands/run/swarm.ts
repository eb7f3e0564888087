import { swarmExperiments } from '../../labs/swarm/index.js';
import { parseScenario } from '../arguments/scenario.js';
import { UsageError } from '../arguments/usage-error.js';
import { EXIT } from '../command.js';
import { Refused } from '../refused.js';
import { dryRunOnSwarm } from './swarm-dry-run.js';
import { runOnSwarm, type SwarmRunOptions } from './swarm-run.js';

/** What was typed after `run` with `--lab swarm`, checked and run. Resolves to the exit code. */
export async function runSwarm({
  holdMs,
  dryRun,
  ...options
}: SwarmRunOptions & { readonly holdMs: number; readonly dryRun: boolean }): Promise<number> {
  const { id, io } = options;
  if (holdMs > 0) throw new UsageError('--hold is not for --lab swarm: Swarm heals by itself');
  const ids = swarmExperiments.map((one) => one.id);
  if (id !== 'all' && !ids.includes(id)) {
    await parseScenario(id);
    throw new Refused(`${id} cannot be caused on the Swarm lab: ${ids.join(', ')} can`, EXIT.unavailable);
  }
  if (dryRun)
    return dryRunOnSwarm(
      swarmExperiments.filter((one) => id === 'all' || one.id === id),
      options.json,
      io,
    );
  return runOnSwarm(options);
}
