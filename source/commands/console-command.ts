import { prepareEnvironment } from '../terminal/environment.js';
import { WATCH_ABOUT } from './arguments/watch-options.js';
import { type Command, UNWIND_MS } from './command.js';
import { CONSOLE_OPTIONS, readConsoleOptions } from './console-options.js';

export const consoleCommand: Command = {
  usage: 'faultline [--target URL ...] [--name NAME ...] [--database URL] [--redis URL] [--read-only]',
  about: [
    'Opens the live console on this host: sockets, listen queues, DNS, conntrack, kernel counters and the HTTP',
    'targets, names and databases you give it, with what is wrong, why, and what it only looks like. q quits, ? shows',
    'every key.',
    ...WATCH_ABOUT,
  ],
  unwindMs: UNWIND_MS.watch,
  options: CONSOLE_OPTIONS,
  screen: true,
  positionals: 0,
  examples: [
    { command: 'faultline', does: 'watch this host' },
    { command: 'faultline --target http://127.0.0.1:8080/health', does: 'and a service on it' },
    { command: 'faultline --read-only', does: 'with nothing that changes anything' },
  ],
  async run({ args, signal }) {
    const options = readConsoleOptions(args, signal);
    prepareEnvironment(process.env);
    const { runConsole } = await import('./console.js');
    return runConsole(options);
  },
};
