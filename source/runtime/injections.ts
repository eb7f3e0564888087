import type { FailureMode } from '../../scenarios/failure-mode.js';
import type { Lab } from '../../scenarios/lab/lab.js';
import type { Clock } from '../clock.js';
import type { FaultlineState } from '../store/state.js';

/** What is injected on the lab and not undone yet. */
export interface Injections {
  list(): FaultlineState['faults'];
  /** Journals the fault, causes it, and says what was done. Rejects when it cannot be caused; then it is undone. */
  inject(
    mode: FailureMode,
    signal: AbortSignal,
    progress: (text: string, share: number | null) => void,
  ): Promise<string>;
  /** Does what an engineer would do about each injected fault; its texts say what was done. */
  fixAll(): Promise<readonly string[]>;
  /** Takes all back, newest first; one that cannot be undone does not keep the others. */
  undoAll(): Promise<readonly string[]>;
}

/** Injections on a lab. Faults that pass by themselves (a burst of requests) are not kept after they were caused. */
export function createInjections(
  lab: Lab | undefined,
  modes: readonly FailureMode[],
  clock: Clock,
): Injections {
  const active = new Map<
    string,
    { readonly mode: FailureMode; readonly since: number; readonly entry: string }
  >();
  void modes;
  void lab;
  void clock;
  return {
    list: () => [...active].map(([id, { mode, since }]) => ({ id, text: mode.title, since })),
    inject: () => Promise.reject(new Error('not yet')),
    fixAll: async () => [],
    undoAll: async () => [],
  };
}
