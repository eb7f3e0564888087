import type { History } from '../../store/history.js';
import { type TargetView, targets } from './http.js';
import { insideOf } from './inside.js';
import { serviceAt } from './services.js';
import { type Slowness, slowedBehind } from './slowness.js';
import { type Throttled, throttled } from './throttling.js';

/** From when a quota is felt: by targets that got slower, or connections that wait. */
export interface HeldBackBounds {
  /** It holds back in so many percent of the periods of this time. */
  readonly throttled: { readonly clear: number; readonly windowMs: number };
  /** A target that is so many times slower, and so many ms, feels it. */
  readonly timesSlower: { readonly value: number };
  readonly leastSlower: { readonly value: number };
  /** A target of its own that takes so long (ms) does, too, whatever it took before. */
  readonly slowByItself: { readonly value: number };
  /** So many connections that nobody accepts do as well. */
  readonly notAccepted: { readonly value: number };
}

/** A container that is held back, and what comes of it. */
export interface HeldBack extends Throttled {
  readonly history: History;
  /** Targets that are slower since, the slowest of its baseline first. */
  readonly slow: readonly Slowness[];
  /** Targets that it serves and that are slow by any measure, the slowest first. */
  readonly slowByItself: readonly TargetView[];
  /** Connections that wait to be accepted inside it. */
  readonly queued: number;
  /** Somebody waits for it. */
  readonly felt: boolean;
}

/** Every container that its CPU quota holds back, felt or not. */
export function heldBack(history: History, bounds: HeldBackBounds): HeldBack[] {
  const { throttled: least, timesSlower, leastSlower, notAccepted } = bounds;
  const slower = { times: timesSlower.value, leastMs: leastSlower.value };
  return throttled(history, least.clear, least.windowMs).map((one) => {
    const slow = slowedBehind(history, one.service, one.since, slower);
    const queues = insideOf(history, one.service.name)?.sockets?.listeners ?? [];
    const queued = queues.reduce((sum, queue) => sum + queue.queued, 0);
    const slowByItself = targets(history)
      .filter(({ address }) => serviceAt(history, address)?.name === one.service.name)
      .filter(({ sample }) => sample.totalMs >= bounds.slowByItself.value)
      .sort((a, b) => b.sample.totalMs - a.sample.totalMs);
    const felt = slow.length > 0 || slowByItself.length > 0 || queued >= notAccepted.value;
    return { ...one, history, slow, slowByItself, queued, felt };
  });
}
