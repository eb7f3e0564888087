/** Queries waiting for the one worker. Full means dropped in silence, as a full socket buffer drops. */
export interface BoundedQueue<Item> {
  readonly max: number;
  readonly length: number;
  /** Items thrown away because there was no room. */
  readonly dropped: number;
  push(item: Item): void;
  /** The next one to serve, or undefined. */
  take(): Item | undefined;
  /** Newest first: the oldest, whose client has most likely given up, waits, and is what is dropped when full. */
  setNewestFirst(on: boolean): void;
}

/** `max` entries at most. A plain array: shifting 256 entries costs nothing beside 20 ms of service. */
export function createQueue<Item>(max: number): BoundedQueue<Item> {
  const items: Item[] = [];
  let dropped = 0;
  let newestFirst = false;
  return {
    max,
    get length() {
      return items.length;
    },
    get dropped() {
      return dropped;
    },
    push(item) {
      if (items.length >= max) {
        dropped += 1;
        if (!newestFirst) return;
        items.shift();
      }
      items.push(item);
    },
    take: () => (newestFirst ? items.pop() : items.shift()),
    setNewestFirst(on) {
      newestFirst = on;
    },
  };
}
