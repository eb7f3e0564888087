import type { History } from '../../store/history.js';

/** What many modes ask for, worked out once in each look: `work` has to be pure, as all that is asked of a history. */
export function onceALook<T>(work: (history: History) => T): (history: History) => T {
  const done = new WeakMap<History, { readonly value: T }>();
  return (history) => {
    const before = done.get(history);
    if (before) return before.value;
    const value = work(history);
    done.set(history, { value });
    return value;
  };
}

/** The same of what is asked for by a key. */
export function onceALookBy<Key, T>(
  work: (history: History, key: Key) => T,
): (history: History, key: Key) => T {
  const known = onceALook(() => new Map<Key, { readonly value: T }>());
  return (history, key) => {
    const all = known(history);
    const before = all.get(key);
    if (before) return before.value;
    const value = work(history, key);
    all.set(key, { value });
    return value;
  };
}
