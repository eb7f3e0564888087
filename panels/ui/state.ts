import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ActionName } from '../../source/store/action-name.js';
import type { FaultlineState, LogLine } from '../../source/store/state.js';
import type { PanelId } from '../panel.js';

/** An action that waits for a yes. */
export interface Question {
  readonly command: ActionName;
  readonly argument: string | undefined;
  /** Names the target: "restart todo-app". */
  readonly text: string;
  /** What it means for the target, where that is not in its name. */
  readonly explains?: string;
}

export type Dialog =
  | { readonly kind: 'help'; readonly top: number }
  | { readonly kind: 'filter'; readonly text: string }
  | { readonly kind: 'palette'; readonly text: string; readonly row: number }
  | { readonly kind: 'hardening'; readonly row: number }
  | { readonly kind: 'scenarios'; readonly row: number }
  /** What to do to a service; the one it was opened for, wherever the cursor goes meanwhile. */
  | { readonly kind: 'service'; readonly service: string; readonly row: number }
  | { readonly kind: 'confirm'; readonly question: Question; readonly yes: boolean };

/** How a person reads the logs. */
export interface LogReading {
  /** The lines as they were when a person began to read: they stand still meanwhile. Null while the panel follows. */
  readonly held: readonly LogLine[] | null;
  /** Place of the found line among them, or null. */
  readonly match: number | null;
  /** Only lines that contain what is searched for. */
  readonly only: boolean;
}

export const FOLLOWING: LogReading = { held: null, match: null, only: false };

/** A word on a key: what it began, or why it does not work now. */
export interface Notice {
  readonly kind: 'told' | 'refused';
  readonly text: string;
  readonly at: number;
}

/** What the console knows about itself; nothing of it is measured. */
export interface UiState {
  readonly selected: PanelId;
  /** The selected panel is open alone. */
  readonly alone: boolean;
  readonly cursors: Readonly<Partial<Record<PanelId, number | null>>>;
  readonly filters: Readonly<Partial<Record<PanelId, string>>>;
  readonly logs: LogReading;
  readonly dialog: Dialog | null;
  /** The picture as it was when it was frozen; null while it is live. */
  readonly frozen: FaultlineState | null;
  /** Latent risks are switched off. */
  readonly risksHidden: boolean;
  /** Requests of the next spike. */
  readonly spikeSize: number;
  /** Service that a person put the cursor on, or null while the finding decides. */
  readonly chosenService: string | null;
  /** A word on the last key, with the wall-clock ms of the state it was said on. */
  readonly notice: Notice | null;
  /** Wall-clock ms at which the last action was seen to end, or null. */
  readonly actionEndedAt: number | null;
}

export type UiStore = StoreApi<UiState>;

/** The trigger of the documented outage (Container Networking Exhaustion): 120 requests at once. */
export const DEFAULT_SPIKE = 120;

/** The console's own store, as it opens: with latent risks, or without. */
export function createUiStore(risksHidden = false): UiStore {
  return createStore<UiState>(() => ({
    selected: 'symptoms',
    alone: false,
    cursors: {},
    filters: {},
    logs: FOLLOWING,
    dialog: null,
    frozen: null,
    risksHidden,
    spikeSize: DEFAULT_SPIKE,
    chosenService: null,
    notice: null,
    actionEndedAt: null,
  }));
}
