import type { FailureMode } from '../scenarios/failure-mode.js';
import type { Lab } from '../scenarios/lab/lab.js';
import type { ActionResult } from './actions/action.js';
import type { Clock } from './clock.js';
import type { Store } from './store/state.js';
import type { CommandName } from './terminal/commands.js';

export interface RuntimeOptions {
  readonly clock?: Clock;
  /** The lab that the session runs on; absent on a host. */
  readonly lab?: Lab;
  /** HTTP targets to probe besides the lab's own. */
  readonly targets?: readonly string[];
  readonly readOnly?: boolean;
  readonly modes: readonly FailureMode[];
  /** File that receives every probe outcome as one JSON line. */
  readonly record?: string;
}

/** Probes, store, diagnosis, scenarios and actions wired into one running whole; console, check and run all start it. */
export interface Runtime {
  readonly store: Store;
  readonly clock: Clock;
  readonly lab: Lab | undefined;
  /** Runs an action by name; rejects only for an unknown name. Two actions never run at once. */
  act(name: CommandName, argument?: string): Promise<ActionResult>;
  /** Stops probes, undoes what is injected, closes the lab. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts probing. The first commit to the store follows within a second. */
export declare function createRuntime(options: RuntimeOptions): Promise<Runtime>;
