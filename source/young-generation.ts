import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * What a session allocates is garbage within a second. V8 lets the space for that grow to 128 MiB (Node 24), which saves
 * nothing where little is allocated and is a third of what the process keeps resident. It has no limit that can be set
 * from inside once it runs; what can be is by how much it grows (`--semi-space-growth-factor`, read at each growth).
 */

/** Bytes of the space beyond which it does not grow: 8 MiB are two halves of 4, collected every second or two. */
const ENOUGH_BYTES = 8 * 2 ** 20;

/** Keeps it as small as it is from now on: called before anything else is loaded. */
export function holdYoungGeneration(): void {
  grow(1);
  // Its threads wake up and wait for each other for longer than one of them takes for so little.
  setFlagsFromString('--no-parallel-scavenge');
}

/** Lets it grow while it is small, and no further; called once a tick. */
export function tendYoungGeneration(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (young) grow(young.space_size < ENOUGH_BYTES ? 2 : 1);
}

let factor = 2;

function grow(by: 1 | 2): void {
  if (by === factor) return;
  factor = by;
  setFlagsFromString(`--semi-space-growth-factor=${by}`);
}
