import { failureModes } from '../../scenarios/index.js';
import { openHostEngine } from '../runtime/host-engine.js';
import { createRuntime } from '../runtime/index.js';
import { refusal } from '../terminal/environment.js';
import { EXIT } from './command.js';
import type { ConsoleOptions } from './console-options.js';
import { createIo } from './io.js';

/** The live console on this host. Resolves to the exit code; 3 where there is no terminal to draw on. */
export async function runConsole(options: ConsoleOptions): Promise<number> {
  const why = refusal(process.env, process);
  if (why !== undefined) {
    createIo(process.stdout, process.stderr).say(`faultline: ${why}`);
    return EXIT.unavailable;
  }
  const { openConsole } = await import('./open-console.js');
  const engine = await openHostEngine();
  const runtime = await createRuntime({
    ...(engine ? { engine } : {}),
    settings: options.settings,
    readOnly: options.readOnly,
    modes: failureModes,
  });
  return openConsole(runtime, options);
}
