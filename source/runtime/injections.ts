import type { FailureMode } from '../../scenarios/failure-mode.js';
import type { Lab } from '../../scenarios/lab/lab.js';
import type { Clock } from '../clock.js';
import type { FaultlineState } from '../store/state.js';

/** What is injected on the lab and not undone yet. */
export interface Injections {
  list(): FaultlineState['faults'];
  /**
   * Causes a fault and says what was done. Rejects when it cannot be caused, or is there already; what was half done
   * is then undone.
   */
  inject(
    mode: FailureMode,
    signal: AbortSignal,
    progress: (text: string, share: number | null) => void,
  ): Promise<string>;
  /** Takes all back, newest first, and says what was done; one that cannot be undone does not keep the others. */
  undoAll(): Promise<readonly string[]>;
}

interface Active {
  readonly mode: FailureMode;
  readonly since: number;
}

/** Injections on a lab. On a host there is nothing to inject into, and every call says so. */
export function createInjections(lab: Lab | undefined, clock: Clock): Injections {
  const active = new Map<string, Active>();

  const undo = async (lab: Lab, { mode }: Active): Promise<string> => {
    const cause = mode.causes.embedded;
    try {
      await cause?.undo(lab);
      active.delete(mode.id);
      return `undone: ${cause?.undoDescribe ?? mode.title}`;
    } catch (error) {
      return `not undone: ${mode.title}: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  return {
    list: () => [...active.values()].map(({ mode, since }) => ({ id: mode.id, text: mode.title, since })),
    async inject(mode, signal, progress) {
      const cause = mode.causes.embedded;
      if (!lab || !cause) throw new Error(`${mode.id} cannot be caused here`);
      if (active.has(mode.id)) throw new Error(`${mode.title} is injected already; undo it first`);
      const entry: Active = { mode, since: clock.wall() };
      active.set(mode.id, entry);
      try {
        return await cause.inject(lab, signal, progress);
      } catch (error) {
        await undo(lab, entry);
        throw error;
      }
    },
    async undoAll() {
      const done: string[] = [];
      for (const entry of [...active.values()].reverse()) if (lab) done.push(await undo(lab, entry));
      return done;
    },
  };
}
