import type { FailureMode } from '../../scenarios/failure-mode.js';
import type { LabKind } from './arguments/lab-option.js';
import type { OptionTable, ParsedArguments } from './arguments/options.js';
import { parseTarget } from './arguments/target-url.js';

/** What `faultline` and `faultline demo` were asked for. */
export interface ConsoleOptions {
  /** HTTP targets to probe, normalised. */
  readonly targets: readonly string[];
  readonly readOnly: boolean;
  /** Aborted by SIGINT, SIGTERM, SIGHUP and by a reader that has gone: clean up, then resolve. */
  readonly signal: AbortSignal;
}

export interface DemoOptions extends ConsoleOptions {
  readonly lab: LabKind;
  /** The failure mode whose story is told. */
  readonly scenario: FailureMode;
}

/** Options that both consoles take. */
export const CONSOLE_OPTIONS: OptionTable = {
  target: {
    value: 'URL',
    help: 'an HTTP target to probe',
    example: 'http://127.0.0.1:8080/',
    repeatable: true,
  },
  'read-only': { help: 'hide every key that changes something' },
  ascii: { help: 'draw with ASCII only' },
  'no-color': { help: 'no colours; NO_COLOR=1 does the same' },
};

/** Reads them. Appearance goes to the environment, where what draws looks for it. Throws UsageError for a bad URL. */
export function readConsoleOptions(args: ParsedArguments, signal: AbortSignal): ConsoleOptions {
  const targets = args.values('target').map(parseTarget);
  if (args.flag('ascii')) process.env.FAULTLINE_ASCII = '1';
  if (args.flag('no-color')) process.env.NO_COLOR = '1';
  return { targets, readOnly: args.flag('read-only'), signal };
}
