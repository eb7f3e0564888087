import type { Store } from '../source/store/state.js';
import type { Line } from './panel.js';
import type { Dispatch } from './ui/commands.js';

/** A failure that can be caused from the scenario menu. */
export interface ModeChoice {
  readonly id: string;
  readonly title: string;
  /** What it will do. */
  readonly describe: string;
}

export interface AppOptions {
  readonly store: Store;
  readonly dispatch: Dispatch;
  /** Ends the console. */
  readonly exit: () => void;
  /** Clears and draws the whole screen again; `openTerminal` gives it. */
  readonly redraw?: () => void;
  /** Paints the screen's rows; `openTerminal` gives it. Without it they are drawn through Ink. */
  readonly paint?: (rows: readonly Line[]) => void;
  readonly modes: readonly ModeChoice[];
  /** Ask before anything outside the console is changed; off on the lab. */
  readonly confirm: boolean;
  /** Begin without latent risks. */
  readonly noRisks?: boolean;
  /** Draw with ASCII only. */
  readonly ascii: boolean;
}
