import type { RuledOut } from '../store/finding.js';
import type { History } from '../store/history.js';
import { readSince } from './facts/read-since.js';
import { missingInputs } from './inputs.js';
import type { Candidate, Mode } from './mode.js';

/** Gives what clears a mode, by its id, as read since a moment (wall-clock ms). */
export type Clear = (id: string, since: number) => RuledOut | undefined;

/**
 * What a candidate only looks like: what it says itself, then each of its mode's rivals that is cleared by the figure
 * which that rival's own mode brings, all of it read since the trouble began (wall-clock ms). `called` gives what a person
 * calls a mode.
 */
export function ruledOut(
  mode: Mode,
  candidate: Candidate,
  since: number,
  clear: Clear,
  called: (id: string) => string,
): readonly RuledOut[] {
  const own = (candidate.ruledOut ?? [])
    .filter(({ at }) => at === undefined || at >= since)
    .map(({ id, title, because }): RuledOut => ({ id, title: title ?? called(id), because }));
  const known = new Set(own.map(({ id }) => id));
  return [...own, ...mode.rivals.filter((id) => !known.has(id)).flatMap((id) => clear(id, since) ?? [])];
}

/** What a person calls the mode of an id; one that is not there, by its id. */
export const callingOf =
  (modes: readonly Mode[]) =>
  (id: string): string =>
    named(modes, id)?.called ?? id;

const named = (modes: readonly Mode[], id: string): Mode | undefined =>
  modes.find((one) => one.id === id || one.aliases?.includes(id));

/**
 * The figures that clear modes in one look, each asked for once and only when it is needed. What is seen at all must
 * clear a mode, and so must what was read since, in which alone its figures are looked up. A mode that is not there
 * clears nothing; what its rule throws is handed to `failed`.
 */
export function clearing(
  history: History,
  modes: readonly Mode[],
  failed: (id: string, error: unknown) => void,
): Clear {
  const texts = new Map<string, string | undefined>();
  const textOf = (mode: Mode, read: History, key: string): string | undefined => {
    if (texts.has(key)) return texts.get(key);
    let because: string | undefined;
    try {
      because = missingInputs(read, mode).length > 0 ? undefined : mode.clears(read);
    } catch (error) {
      failed(mode.id, error);
    }
    texts.set(key, because);
    return because;
  };
  return (id, since) => {
    const mode = named(modes, id);
    if (!mode || textOf(mode, history, id) === undefined) return undefined;
    const because = textOf(mode, readSince(history, since), `${id} ${since}`);
    return because === undefined ? undefined : { id: mode.id, title: mode.called, because };
  };
}
