import type { Experiment } from '../../labs/swarm/experiment.js';
import { type CommandIo, EXIT } from '../command.js';

/** Prints what experiments on the Swarm lab would cause; starts and writes nothing. Resolves to the exit code. */
export function dryRunOnSwarm(experiments: readonly Experiment[], json: boolean, io: CommandIo): number {
  const scenarios = experiments.map(({ id, title, describe, undoDescribe }) => ({
    id,
    title,
    causes: describe,
    ends: undoDescribe,
  }));
  if (json) io.json({ dryRun: true, lab: 'swarm', scenarios });
  else
    io.print(
      [
        'Dry run: nothing is started, nothing is written. It would start one service of two replicas, on a swarm that is',
        'made of this node where it is in none, wait until all is well, and then:',
        ...scenarios.flatMap(({ id, title, causes, ends }) => [
          '',
          `${id}  ${title}`,
          `  causes   ${causes}`,
          `  ends     ${ends}`,
        ]),
      ].join('\n'),
    );
  return EXIT.ok;
}
