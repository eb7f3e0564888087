import { findCausing } from '../../../scenarios/causing.js';
import { failureModes } from '../../../scenarios/index.js';
import { createRuntime } from '../../runtime/index.js';
import { type LabKind, labTitle } from '../arguments/lab-option.js';
import type { ScenarioForm } from '../arguments/scenario.js';
import { type CommandIo, EXIT } from '../command.js';
import { Refused } from '../refused.js';
import { jsonEmitter, resultJson, textEmitter } from './emitters.js';
import type { RunResult } from './events.js';
import { openLab } from './open-lab.js';
import { resultText } from './result-text.js';
import { runScenario } from './scenario-run.js';
import { summaryJson, summaryText } from './summary.js';

export interface LabRunOptions {
  readonly lab: LabKind;
  /** What to run, or undefined for all that the lab can cause, in all its forms. */
  readonly one: ScenarioForm | undefined;
  readonly holdMs: number;
  readonly record: string | undefined;
  readonly json: boolean;
  readonly io: CommandIo;
  readonly signal: AbortSignal;
}

/** Runs one failure, or all of them one after the other, on one lab. Resolves to the exit code. */
export async function runOnLab(options: LabRunOptions): Promise<number> {
  const { one, holdMs, json, io, signal } = options;
  if (one) assertCausable(options.lab, one);
  const lab = await openLab(options.lab, io, signal);
  const runtime = await createRuntime({
    lab,
    modes: failureModes,
    ...(one ? { story: one.mode } : {}),
    ...(options.record === undefined ? {} : { record: options.record }),
  }).catch(async (error) => {
    await lab.close();
    throw error;
  });
  const causings = one ? [findCausing(runtime.causings, one.id) ?? []].flat() : runtime.causings;
  const results: RunResult[] = [];
  try {
    const emit = json ? jsonEmitter(io.json) : textEmitter(io.print);
    for (const causing of causings) {
      const result = await runScenario({ runtime, causing, emit, signal, timeouts: { holdMs } });
      results.push(result);
      if (json) io.json(resultJson(result));
      else io.print(`${resultText(result)}\n`);
      if (signal.aborted) break;
    }
  } finally {
    io.progress('closing the lab');
    await runtime.close();
    io.progress('');
  }
  if (!one) {
    if (json) io.json(summaryJson(results));
    else io.print(summaryText(results));
  }
  return results.length === causings.length && results.every((result) => result.result === 'passed')
    ? EXIT.ok
    : EXIT.findings;
}

/** Throws Refused unless the lab can be given this failure. */
export function assertCausable(lab: LabKind, { id, mode, variant }: ScenarioForm): void {
  const can =
    variant === undefined
      ? mode.causes[lab] !== undefined
      : lab === 'docker' && (mode.causes.docker ?? []).some((cause) => cause.variant === variant);
  const why = mode.notCaused === undefined ? '' : `: ${mode.notCaused}`;
  if (!can) throw new Refused(`${id} cannot be caused on ${labTitle(lab)}${why}`, EXIT.unavailable);
}
