import type { ActionProgress } from '../store/state.js';

/** What an action tells while it runs; the runtime writes it to the store. */
export interface ActionContext {
  /** Aborted at the action's deadline and when the console quits. */
  readonly signal: AbortSignal;
  progress(update: Partial<Pick<ActionProgress, 'share' | 'text' | 'rows'>>): void;
}

export interface ActionResult {
  readonly ok: boolean;
  /** For the timeline: "50 answered, 70 timed out". */
  readonly text: string;
  readonly rows?: ActionProgress['rows'];
}

/** The only kind of code that changes the world. */
export interface Action {
  /** Stable name, the one panels dispatch: `spike`, `restart`. */
  readonly name: string;
  /** "traffic spike: 120 requests at once". */
  readonly title: string;
  /** What it will touch, for the confirmation and for `--dry-run`. */
  readonly touches: string;
  /** Milliseconds after which it is aborted. */
  readonly deadlineMs: number;
  run(context: ActionContext): Promise<ActionResult>;
}
