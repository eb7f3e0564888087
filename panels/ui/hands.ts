import type { ActionName } from '../../source/store/action-name.js';
import type { AppOptions } from '../options.js';
import type { CommandName } from './commands.js';
import type { Dialog, UiState, UiStore } from './state.js';

/** What keys work with: the stores, what they can start, and the size of the screen. */
export interface ControllerOptions extends Omit<AppOptions, 'ascii'> {
  readonly ui: UiStore;
  readonly size: () => { readonly columns: number; readonly rows: number };
}

/** The same with what a key can do: run a command, send it without asking, open a dialog, change the console's state. */
export interface Hands extends ControllerOptions {
  readonly run: (command: CommandName, argument?: string) => void;
  readonly send: (command: ActionName, argument: string | undefined) => void;
  readonly open: (dialog: Dialog | null) => void;
  readonly set: (part: Partial<UiState>) => void;
}
