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
  /** Takes all back, newest first; one that cannot be undone stays and does not keep the others. */
  undoAll(): Promise<readonly { readonly ok: boolean; readonly text: string }[]>;
}

interface Active {
  readonly mode: FailureMode;
  readonly since: number;
  /** Id of its journal entry. */
  readonly entry: string;
}

/** Injections on a lab. On a host there is nothing to inject into, and every call says so. */
export function createInjections(lab: Lab | undefined, clock: Clock): Injections {
  const active = new Map<string, Active>();
  // Loaded on a lab only: a host console and `check` start sooner without it.
  const journal = () => import('../faults/journal.js');

  const undo = async (lab: Lab, { mode, entry }: Active): Promise<{ ok: boolean; text: string }> => {
    const cause = mode.causes.embedded;
    try {
      await cause?.undo(lab);
      (await journal()).close(entry);
      active.delete(mode.id);
      return { ok: true, text: `undone: ${cause?.undoDescribe ?? mode.title}` };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ok: false, text: `not undone: ${mode.title}: ${why}` };
    }
  };

  return {
    list: () => [...active.values()].map(({ mode, since }) => ({ id: mode.id, text: mode.title, since })),
    async inject(mode, signal, progress) {
      const cause = mode.causes.embedded;
      if (!lab || !cause) throw new Error(`${mode.id} cannot be caused here`);
      const { record } = await journal();
      if (active.has(mode.id)) throw new Error(`${mode.title} is injected already; undo it first`);
      const { id } = record(lab.journalEntry({ scenario: mode.id, what: cause.describe, ...cause.target }));
      const injected: Active = { mode, since: clock.wall(), entry: id };
      active.set(mode.id, injected);
      try {
        return await cause.inject(lab, signal, progress);
      } catch (error) {
        await undo(lab, injected);
        throw error;
      }
    },
    async undoAll() {
      const done: { ok: boolean; text: string }[] = [];
      for (const entry of [...active.values()].reverse()) if (lab) done.push(await undo(lab, entry));
      return done;
    },
  };
}
