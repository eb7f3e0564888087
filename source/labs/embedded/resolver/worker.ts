import type { BoundedQueue } from './queue.js';

/** One worker: takes a query, spends `serviceMs` on it, answers, takes the next. */
export interface Worker {
  /** Queries answered so far. */
  readonly served: number;
  /** To be called after each push. */
  wake(): void;
  stop(): void;
}

/**
 * Each query is due `serviceMs` after the one before, not after its own timer fired: timers are late by a
 * millisecond or so, which at 20 ms would make the service 5 % slower than it says. A worker that is more than one
 * service time behind (frozen, starved of CPU) does not make up for it.
 */
export function startWorker<Item>(
  queue: BoundedQueue<Item>,
  serviceMs: number,
  answer: (item: Item) => void,
): Worker {
  let served = 0;
  let due = 0;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const next = (): void => {
    if (stopped || timer !== null) return;
    const item = queue.take();
    if (item === undefined) return;
    const now = performance.now();
    due = Math.max(due, now - serviceMs) + serviceMs;
    timer = setTimeout(
      () => {
        timer = null;
        served += 1;
        answer(item);
        next();
      },
      Math.max(0, due - now),
    );
  };
  const wake = (): void => {
    // An idle worker does not owe time: the next query takes the full service from now on.
    if (timer === null) due = performance.now();
    next();
  };
  return {
    get served() {
      return served;
    },
    wake,
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
