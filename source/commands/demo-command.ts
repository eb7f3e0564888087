import { prepareEnvironment } from '../terminal/environment.js';
import { labOption, parseLab } from './arguments/lab-option.js';
import { parseScenario } from './arguments/scenario.js';
import { type Command, UNWIND_MS } from './command.js';
import { CONSOLE_OPTIONS, readConsoleOptions } from './console-options.js';

/** The main demonstration: the Container Networking Exhaustion document. */
const MAIN_SCENARIO = 'traffic-spike';

export const demoCommand: Command = {
  usage: 'faultline demo [scenario] [--lab embedded|docker] [--read-only]',
  about: [
    'Starts a lab of its own (a todo application, its resolver, PostgreSQL; loopback only, nothing is left behind)',
    'and opens the console on it. --lab docker: the same application in containers, nginx before three replicas of',
    'it, with Redis; the first start makes their image. Without a terminal it plays the scenario as plain text',
    'instead, and exits 0 when it ended as expected, 1 when not.',
  ],
  unwindMs: UNWIND_MS.undo,
  options: { lab: labOption, ...CONSOLE_OPTIONS },
  screen: true,
  positionals: 1,
  examples: [
    { command: 'faultline demo', does: 'the traffic spike: s breaks it, r fixes it, v proves it' },
    { command: 'faultline demo database-down', does: 'another failure' },
    { command: 'faultline demo --lab docker', does: 'in containers' },
    { command: 'faultline demo | cat', does: 'the same as text' },
  ],
  async run({ args, signal }) {
    const options = readConsoleOptions(args, signal);
    const scenario = await parseScenario(args.positionals[0] ?? MAIN_SCENARIO);
    const lab = parseLab(args.value('lab'));
    prepareEnvironment(process.env);
    const { runDemo } = await import('./demo.js');
    return runDemo({ ...options, lab, scenario });
  },
};
