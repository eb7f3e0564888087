import { failureModes } from '../../../scenarios/index.js';
import { DockerEngine } from '../../engines/docker/docker-engine.js';
import type { FindingsSection } from '../../labs/swarm/findings/page.js';
import { swarmExperiments } from '../../labs/swarm/index.js';
import { startSwarmLab } from '../../labs/swarm/lab/start.js';
import type { SwarmLab } from '../../labs/swarm/lab/swarm-lab.js';
import { createRuntime, type Runtime } from '../../runtime/index.js';
import { type CommandIo, EXIT } from '../command.js';
import { jsonEmitter, resultJson, textEmitter } from './emitters.js';
import type { RunResult } from './events.js';
import { begun, progressOf } from './open-lab.js';
import { resultText } from './result-text.js';
import { summaryJson, summaryText } from './summary.js';
import { runExperiment } from './swarm-experiment.js';
import { tellFindings } from './tell-findings.js';

export interface SwarmRunOptions {
  /** Id of the experiment, or `all`. */
  readonly id: string;
  readonly record: string | undefined;
  /** File for the findings page; without one it goes to standard output, where that is for people. */
  readonly findings: string | undefined;
  readonly json: boolean;
  readonly io: CommandIo;
  readonly signal: AbortSignal;
}

/** Runs one experiment, or all of them one after the other, on one Swarm lab. Resolves to the exit code. */
export async function runOnSwarm(options: SwarmRunOptions): Promise<number> {
  // `faultline undo` asks a live process this way to roll back what it caused: ended, it does.
  const asked = new AbortController();
  const onUndo = (): void => asked.abort(new Error('undone by faultline undo'));
  process.on('SIGUSR2', onUndo);
  const signal = AbortSignal.any([options.signal, asked.signal]);
  const engine = new DockerEngine();
  let runtime: Runtime | undefined;
  let lab: SwarmLab | undefined;
  try {
    await engine.settled();
    const starting = startSwarmLab({ engine, signal, progress: progressOf(options.io, 'Swarm lab') });
    lab = await begun(starting, options.io, signal, (why) => `there can be no Swarm lab here: ${why}`);
    const { record } = options;
    const recording = record === undefined ? {} : { record };
    runtime = await createRuntime({ engine, modes: failureModes, readOnly: true, ...recording });
    return await runAll({ ...options, signal }, lab, runtime);
  } finally {
    options.io.progress('closing the lab');
    await lab?.close();
    await (runtime ?? engine).close();
    options.io.progress('');
    process.off('SIGUSR2', onUndo);
  }
}

async function runAll(options: SwarmRunOptions, lab: SwarmLab, runtime: Runtime): Promise<number> {
  const { id, io, json, signal } = options;
  const experiments = swarmExperiments.filter((one) => id === 'all' || one.id === id);
  const emit = json ? jsonEmitter(io.json) : textEmitter(io.print);
  const results: RunResult[] = [];
  const sections: FindingsSection[] = [];
  for (const experiment of experiments) {
    const last = experiment === experiments.at(-1);
    const { result, section } = await runExperiment(experiment, {
      lab,
      store: runtime.store,
      signal,
      emit,
      // The lab goes with the last one, so that what is left of it is in a result.
      clean: (ended) => (last || ended ? lab.close() : lab.restore()),
    });
    results.push(result);
    if (section) sections.push(section);
    if (json) io.json(resultJson(result));
    else io.print(`${resultText(result)}\n`);
    if (signal.aborted) break;
  }
  if (id === 'all') {
    if (json) io.json(summaryJson(results));
    else io.print(summaryText(results));
  }
  tellFindings(sections, options);
  const passed = results.length === experiments.length && results.every((one) => one.result === 'passed');
  return passed ? EXIT.ok : EXIT.findings;
}
