import type { Clock, Timer } from '../../source/clock.js';

interface Waiting {
  readonly at: number;
  readonly work: () => void;
}

/** A clock whose time goes by when a test says so. */
export class HandClock implements Clock {
  readonly #waiting = new Set<Waiting>();
  #time: number;

  constructor(time = 0) {
    this.#time = time;
  }

  wall(): number {
    return this.#time;
  }

  now(): number {
    return this.#time;
  }

  setTimeout(work: () => void, ms: number): Timer {
    const timer = { at: this.#time + Math.max(0, ms), work };
    this.#waiting.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer | undefined): void {
    this.#waiting.delete(timer as Waiting);
  }

  /** Puts the time without running what became due. */
  set(time: number): void {
    this.#time = time;
  }

  /** Lets time go by: what becomes due runs in its order, and what follows from it at once does, too. */
  async pass(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settle();
    for (;;) {
      const next = [...this.#waiting].sort((a, b) => a.at - b.at).find(({ at }) => at <= end);
      if (!next) break;
      this.#waiting.delete(next);
      this.#time = Math.max(this.#time, next.at);
      next.work();
      await settle();
    }
    this.#time = end;
  }

  /** Works that wait for their time. */
  get waiting(): number {
    return this.#waiting.size;
  }
}

/** Every promise that can end without time going by has ended. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next));
}
