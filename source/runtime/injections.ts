import { type Causing, causingsOn, findCausing } from '../../scenarios/causing.js';
import type { FailureMode } from '../../scenarios/failure-mode.js';
import type { Clock } from '../clock.js';
import type { Lab } from '../labs/lab.js';
import type { FaultlineState } from '../store/state.js';

/** What is injected on the lab and not undone yet. */
export interface Injections {
  list(): FaultlineState['faults'];
  /** Everything that can be caused here. */
  readonly causings: readonly Causing[];
  /** What can be caused here, by its id or by a mode's id; undefined when it cannot. */
  find(id: string): Causing | undefined;
  /**
   * Causes a fault and says what was done. Rejects when it cannot be caused, or is there already; what was half done
   * is then undone.
   */
  inject(
    causing: Causing,
    signal: AbortSignal,
    progress: (text: string, share: number | null) => void,
  ): Promise<string>;
  /** Takes all back, newest first; one that cannot be undone stays and does not keep the others. */
  undoAll(): Promise<readonly { readonly ok: boolean; readonly text: string }[]>;
}

/** Injections on a lab. On a host there is nothing to inject into. */
export function createInjections(
  lab: Lab | undefined,
  modes: readonly FailureMode[],
  clock: Clock,
): Injections {
  const causings = lab ? causingsOn(lab, modes) : [];
  const active = new Map<string, { readonly causing: Causing; readonly since: number }>();

  const undo = async (causing: Causing): Promise<{ ok: boolean; text: string }> => {
    try {
      await causing.undo();
      active.delete(causing.id);
      return { ok: true, text: `undone: ${causing.undoDescribe}` };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ok: false, text: `not undone: ${causing.title}: ${why}` };
    }
  };

  return {
    causings,
    list: () =>
      [...active.values()].map(({ causing, since }) => ({ id: causing.id, text: causing.title, since })),
    find: (id) => findCausing(causings, id),
    async inject(causing, signal, progress) {
      if (active.has(causing.id)) throw new Error(`${causing.title} is injected already; undo it first`);
      active.set(causing.id, { causing, since: clock.wall() });
      try {
        return await causing.inject(signal, progress);
      } catch (error) {
        await undo(causing);
        throw error;
      }
    },
    async undoAll() {
      const done: { ok: boolean; text: string }[] = [];
      for (const { causing } of [...active.values()].reverse()) done.push(await undo(causing));
      return done;
    },
  };
}
