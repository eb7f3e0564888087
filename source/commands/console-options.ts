import type { FailureMode } from '../../scenarios/failure-mode.js';
import type { WatchSettings } from '../probes/watch-settings.js';
import type { LabKind } from './arguments/lab-option.js';
import type { OptionTable, ParsedArguments } from './arguments/options.js';
import { NO_RISKS, readWatchSettings, WATCH_OPTIONS } from './arguments/watch-options.js';

/** What `faultline` and `faultline demo` were asked for. */
export interface ConsoleOptions {
  /** What to watch besides what is seen. */
  readonly settings: WatchSettings;
  readonly readOnly: boolean;
  /** Begin without latent risks. */
  readonly noRisks: boolean;
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
  ...WATCH_OPTIONS,
  'read-only': { help: 'hide every key that changes something' },
  'no-risks': NO_RISKS,
  ascii: { help: 'draw with ASCII only' },
  'no-color': { help: 'no colours; NO_COLOR=1 does the same' },
};

/** Reads them. Appearance goes to the environment, where what draws looks for it. Throws UsageError for what cannot be read. */
export function readConsoleOptions(args: ParsedArguments, signal: AbortSignal): ConsoleOptions {
  const settings = readWatchSettings(args);
  if (args.flag('ascii')) process.env.FAULTLINE_ASCII = '1';
  if (args.flag('no-color')) process.env.NO_COLOR = '1';
  return { settings, readOnly: args.flag('read-only'), noRisks: args.flag('no-risks'), signal };
}
