/** What a dump is asked for. */
export type Family = 4 | 6 | 'both';

/** A dump walks the table of the whole host (1 ms on an idle one, by its size): where both are wanted, once for both. */
export const inOneWalk = (families: readonly (4 | 6)[]): readonly Family[] =>
  families.length === 2 ? ['both'] : families;

export const interruptedNote = (family: Family): string =>
  `${family === 'both' ? 'sockets' : `IPv${family}`}: the table changed while it was read, counts are approximate`;
