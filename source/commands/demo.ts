import { failureModes } from '../../scenarios/index.js';
import { createRuntime } from '../runtime/index.js';
import { refusal } from '../terminal/environment.js';
import type { DemoOptions } from './console-options.js';
import { createIo } from './io.js';
import { assertCausable, runOnLab } from './run/lab-run.js';
import { openLab } from './run/open-lab.js';

/** Without a terminal the demonstration watches this long that the failure does not heal by itself. */
const HOLD_MS = 15_000;

/** The console on a lab of its own; without a terminal the scenario as plain text. Resolves to the exit code. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const io = createIo(process.stdout, process.stderr);
  const { lab: kind, scenario, signal } = options;
  const one = { id: scenario.id, mode: scenario, variant: undefined };
  assertCausable(kind, one);
  if (refusal(process.env, process) !== undefined)
    return runOnLab({
      lab: kind,
      one,
      holdMs: HOLD_MS,
      record: undefined,
      json: false,
      io,
      signal,
    });
  const [lab, { openConsole }] = await Promise.all([openLab(kind, io, signal), import('./open-console.js')]);
  try {
    const runtime = await createRuntime({
      lab,
      settings: options.settings,
      readOnly: options.readOnly,
      modes: failureModes,
      story: scenario,
    });
    return await openConsole(runtime, options);
  } finally {
    await lab.close();
  }
}
