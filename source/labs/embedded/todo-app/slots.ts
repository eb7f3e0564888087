/** Worker slots, shared by all routes; who finds none waits in line. */
export interface Slots {
  readonly inFlight: number;
  readonly waiting: number;
  readonly limit: number;
  /** Resolves with the function that gives the slot back. Rejects with the signal's reason when it aborts first. */
  acquire(signal: AbortSignal): Promise<() => void>;
  /** To be called when the limit has changed. */
  refresh(): void;
}

/** First come, first served; `limit` is asked each time. */
export function createSlots(limit: () => number): Slots {
  let inFlight = 0;
  const line: (() => void)[] = [];
  const admit = (): void => {
    while (inFlight < limit() && line.length > 0) {
      inFlight += 1;
      line.shift()?.();
    }
  };
  const release = (): void => {
    inFlight -= 1;
    admit();
  };
  return {
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return line.length;
    },
    get limit() {
      return limit();
    },
    acquire: (signal) =>
      new Promise((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', leave);
          resolve(release);
        };
        const leave = (): void => {
          line.splice(line.indexOf(enter), 1);
          reject(signal.reason);
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', leave, { once: true });
        line.push(enter);
        admit();
      }),
    refresh: admit,
  };
}
