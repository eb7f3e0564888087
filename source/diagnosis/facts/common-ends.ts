import { type Connection, endsOf, touches } from './connections.js';

/** A workload that explains some of what is sick: it stands at an end of it all. */
export interface CommonEnd<Sick> {
  readonly name: string;
  /** What it explains and no end before it does. */
  readonly explained: readonly [Sick, ...Sick[]];
}

/**
 * The workloads that explain what is sick, one after the other: the one that `best` gives for all of it, then the one
 * that it gives for the rest, until nothing is left or `best` gives none. One that explains nothing of what is left
 * stands for all of it.
 */
export function inTurn<Sick>(
  sick: readonly Sick[],
  best: (rest: readonly Sick[]) => string | undefined,
  explains: (name: string, one: Sick) => boolean,
): CommonEnd<Sick>[] {
  const ends: CommonEnd<Sick>[] = [];
  for (let rest = sick; rest.length > 0; ) {
    const name = best(rest);
    if (name === undefined) break;
    const its = rest.filter((one) => explains(name, one));
    const [first, ...others] = its.length > 0 ? its : rest;
    ends.push({ name, explained: [first as Sick, ...others] });
    rest = its.length > 0 ? rest.filter((one) => !its.includes(one)) : [];
  }
  return ends;
}

/**
 * The ends that sick connections share, the one that most of them share first, each with those that no end before it
 * explains; of one connection alone its target, which others would feel as well. `may` leaves ends out.
 */
export const commonEnds = (
  sick: readonly Connection[],
  may: (name: string) => boolean = () => true,
): CommonEnd<Connection>[] =>
  inTurn(
    sick,
    (rest) => {
      const count = (name: string): number => rest.filter((one) => touches(one, name)).length;
      return endsOf(rest)
        .filter(may)
        .sort((a, b) => count(b) - count(a))[0];
    },
    (name, one) => touches(one, name),
  );
