import type { Clock } from '../../clock.js';
import { duration } from '../../terminal/format.js';

/** Where a probe means to connect to. */
export interface Door {
  /** An address, or a name that has not been looked up yet. */
  readonly address: string;
  readonly port: number;
}

/** The accept queue of a listener: how many connections wait in it, and how many may. */
export interface DoorQueue {
  readonly queued: number;
  readonly backlog: number;
}

/** Leave to connect: call `leave` once the connection is closed, or will not be taken up any more. */
export interface Turn {
  readonly granted: true;
  leave(): void;
}

/** No connection is to be made: more than half of the queue is taken. */
export interface Refusal {
  readonly granted: false;
  readonly queue: DoorQueue;
  /** Milliseconds for which it was so. */
  readonly waitedMs: number;
  /** Whether it was seen to take any connection out of the queue meanwhile. */
  readonly drains: boolean;
}

/** What is known of listeners, for those who take turns at them. */
export interface DoorFacts {
  /** One text for one listener, by whichever address it is reached. */
  nameOf(door: Door): string;
  /** Its queue now; undefined where that cannot be read (another machine's). Rejects never. */
  queueOf(door: Door): Promise<DoorQueue | undefined>;
  /** Whether somebody is seen to listen at that very address. Rejects never. */
  isListenedAt?(door: Door): Promise<boolean>;
}

/** No turn came: another probe has been asking there for so long (ms), as at a server that does not answer. */
export interface Held {
  readonly granted: false;
  readonly heldMs: number;
}

/** Sees to it that probes do not crowd a listener: one connection at a time, over all probes of a session. */
export interface Doors {
  /**
   * Waits for its turn at a listener, then for its queue to be no more than half full, up to `patienceMs`. Rejects with
   * the reason of an aborted signal.
   */
  enter(door: Door, patienceMs: number, signal: AbortSignal): Promise<Turn | Refusal>;
  /** The same, but gives its place up once somebody has the turn for `heldMs`: whoever asks many listeners waits for none. */
  enterUnlessHeld(
    door: Door,
    patienceMs: number,
    heldMs: number,
    signal: AbortSignal,
  ): Promise<Turn | Refusal | Held>;
  /** Whether somebody is seen to listen at that very address; false where that cannot be seen. */
  isListenedAt(door: Door): Promise<boolean>;
}

/** Between one connection and the next at one listener passes so long, by chance (ms): it is to accept and close in it. */
const GAP_MS = { least: 30, most: 120 } as const;
/** A queue over half full is looked at again after so long (ms). */
const AGAIN_MS = 250;
/** Whether a turn is held too long is looked at so often (ms). */
const HELD_LOOK_MS = 100;
/** Who comes so soon after a refusal is not to wait all over again (ms). */
const STILL_MS = 3_000;
/** A queue as long as this, of which a quarter is taken at most, is not filled by us before the next look (ms). */
const ROOMY = { backlog: 64, share: 0.25, forMs: 5_000 } as const;

/** Listeners remembered; those where nobody waits are forgotten beyond. */
const MOST_STATES = 2_000;

interface State {
  /** Resolves when everybody who came before has left. */
  last: Promise<void>;
  waiting: number;
  /** Monotonic ms from which on the next may connect. */
  openAt: number;
  roomyUntil: number;
  /** Monotonic ms at which the turn was given to who has it. */
  givenAt: number | undefined;
  refusal: { readonly at: number; readonly drains: boolean; readonly waitedMs: number } | undefined;
}

/** Turns at listeners for a session; `random` gives 0 to 1. */
export function createDoors(facts: DoorFacts, clock: Clock, random: () => number = Math.random): Doors {
  const states = new Map<string, State>();

  const stateOf = (name: string): State => {
    const known = states.get(name);
    if (known) return known;
    const state: State = {
      ...{ last: Promise.resolve(), waiting: 0, openAt: Number.NEGATIVE_INFINITY },
      ...{ roomyUntil: Number.NEGATIVE_INFINITY, givenAt: undefined, refusal: undefined },
    };
    if (states.size >= MOST_STATES)
      for (const [other, { waiting }] of states) if (waiting === 0) states.delete(other);
    states.set(name, state);
    return state;
  };

  const doors: Doors = {
    isListenedAt: async (door) => (await facts.isListenedAt?.(door)) ?? false,
    async enterUnlessHeld(door, patienceMs, heldMs, signal) {
      const state = stateOf(facts.nameOf(door));
      const over = new AbortController();
      let timer: object | undefined;
      const watch = (): void => {
        if (state.givenAt !== undefined && clock.now() - state.givenAt >= heldMs) over.abort(over);
        else timer = clock.setTimeout(watch, HELD_LOOK_MS);
      };
      if (state.waiting > 0) watch();
      try {
        return await doors.enter(door, patienceMs, AbortSignal.any([signal, over.signal]));
      } catch (error) {
        if (error !== over) throw error;
        return { granted: false, heldMs: clock.now() - (state.givenAt ?? clock.now()) };
      } finally {
        clock.clearTimeout(timer);
      }
    },
    async enter(door, patienceMs, signal) {
      signal.throwIfAborted();
      const name = facts.nameOf(door);
      const state = stateOf(name);
      const before = state.last;
      let pass: () => void = () => undefined;
      state.last = new Promise<void>((done) => {
        pass = done;
      });
      state.waiting++;
      let left = false;
      const leave = (): void => {
        if (left) return;
        left = true;
        state.openAt = clock.now() + GAP_MS.least + random() * (GAP_MS.most - GAP_MS.least);
        state.waiting--;
        state.givenAt = undefined;
        pass();
      };
      try {
        await abortable(before, signal);
        await sleep(clock, state.openAt - clock.now(), signal);
        const refusal = await look(door, state, patienceMs, signal);
        if (!refusal) {
          state.givenAt = clock.now();
          return { granted: true, leave };
        }
        leave();
        return refusal;
      } catch (error) {
        // Who gave up in the line still hands on only what those before hand on.
        void before.then(leave);
        throw error;
      }
    },
  };
  return doors;

  /** Undefined when there is room. */
  async function look(
    door: Door,
    state: State,
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<Refusal | undefined> {
    if (clock.now() < state.roomyUntil) return undefined;
    const began = clock.now();
    const before = state.refusal && began - state.refusal.at < STILL_MS ? state.refusal : undefined;
    const patience = before ? 0 : patienceMs;
    let drains = before?.drains ?? false;
    let least: number | undefined;
    for (;;) {
      const queue = await facts.queueOf(door);
      signal.throwIfAborted();
      if (!queue || 2 * queue.queued <= queue.backlog) {
        state.refusal = undefined;
        const roomy = queue && queue.backlog >= ROOMY.backlog && queue.queued <= ROOMY.share * queue.backlog;
        if (roomy) state.roomyUntil = clock.now() + ROOMY.forMs;
        return undefined;
      }
      drains ||= least !== undefined && queue.queued < least;
      least = queue.queued;
      const now = clock.now();
      if (now - began >= patience) {
        const waitedMs = before ? now - before.at + before.waitedMs : now - began;
        state.refusal = { at: now, drains, waitedMs };
        return { granted: false, queue, waitedMs, drains };
      }
      await sleep(clock, AGAIN_MS * (0.5 + random()), signal);
    }
  }
}

/** As a person reads why nobody connected. */
export const refusalText = (refusal: Refusal | Held): string =>
  'heldMs' in refusal
    ? `another probe waits for its answer since ${duration(refusal.heldMs)}: not asked beside it`
    : `${refusal.queue.queued} of ${refusal.queue.backlog} connections wait there to be accepted: one more would only fill the queue`;

function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  let timer: object | undefined;
  const over = new Promise<void>((done) => {
    timer = clock.setTimeout(done, ms);
  });
  return abortable(over, signal).finally(() => clock.clearTimeout(timer));
}

/** The same promise, but for a signal that aborts. */
async function abortable(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
