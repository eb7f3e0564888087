import type { RuledOut } from '../store/finding.js';
import type { History } from '../store/history.js';
import type { Candidate, Mode } from './mode.js';

/**
 * What a candidate only looks like: what it says itself, then each of its mode's rivals that is cleared by the figure
 * which that rival's own mode brings. `clear` gives that figure by id, `called` what a person calls a mode.
 */
export function ruledOut(
  mode: Mode,
  candidate: Candidate,
  clear: (id: string) => RuledOut | undefined,
  called: (id: string) => string,
): readonly RuledOut[] {
  const own = (candidate.ruledOut ?? []).map(
    ({ id, title, because }): RuledOut => ({ id, title: title ?? called(id), because }),
  );
  const known = new Set(own.map(({ id }) => id));
  return [...own, ...mode.rivals.filter((id) => !known.has(id)).flatMap((id) => clear(id) ?? [])];
}

/** What a person calls the mode of an id; one that is not there, by its id. */
export const callingOf =
  (modes: readonly Mode[]) =>
  (id: string): string =>
    named(modes, id)?.called ?? id;

const named = (modes: readonly Mode[], id: string): Mode | undefined =>
  modes.find((one) => one.id === id || one.aliases?.includes(id));

/**
 * The figures that clear modes in one look, each asked for once and only when it is needed. A mode that is not there
 * clears nothing; what its rule throws is handed to `failed`.
 */
export function clearing(
  history: History,
  modes: readonly Mode[],
  failed: (id: string, error: unknown) => void,
): (id: string) => RuledOut | undefined {
  const known = new Map<string, RuledOut | undefined>();
  return (id) => {
    if (known.has(id)) return known.get(id);
    const mode = named(modes, id);
    let because: string | undefined;
    try {
      because = mode?.clears(history);
    } catch (error) {
      failed(id, error);
    }
    const cleared = mode && because !== undefined ? { id: mode.id, title: mode.called, because } : undefined;
    known.set(id, cleared);
    return cleared;
  };
}
