/** Shorter than the 5 s that a visitor waits, so that no work is done for someone who has left. */
const DEADLINE_MS = 3_000;
const SWEEP_MS = 100;

/** Why a piece of work was stopped. */
export class Stopped extends Error {}

interface Job {
  readonly since: number;
  readonly controller: AbortController;
  gone: boolean;
}

/** Watches requests; while it is on, stops work that is overdue or whose client has gone, also work begun before. */
export interface Deadlines {
  /** `signal` aborts with `Stopped`; `leave` says that the client has gone; `done` must be called at the end. */
  watch(): { readonly signal: AbortSignal; leave(): void; done(): void };
}

/** `on` is asked at every sweep; one sweep is every 100 ms while there is work. */
export function createDeadlines(on: () => boolean): Deadlines {
  const jobs = new Set<Job>();
  let timer: NodeJS.Timeout | null = null;
  const sweep = (): void => {
    if (!on()) return;
    const now = performance.now();
    for (const { since, controller, gone } of jobs) {
      if (gone) controller.abort(new Stopped('the client has gone'));
      else if (now - since >= DEADLINE_MS)
        controller.abort(new Stopped(`no answer within ${DEADLINE_MS} ms`));
    }
  };
  return {
    watch() {
      const job: Job = { since: performance.now(), controller: new AbortController(), gone: false };
      jobs.add(job);
      timer ??= setInterval(sweep, SWEEP_MS);
      return {
        signal: job.controller.signal,
        leave() {
          job.gone = true;
          sweep();
        },
        done() {
          jobs.delete(job);
          if (jobs.size > 0 || timer === null) return;
          clearInterval(timer);
          timer = null;
        },
      };
    },
  };
}
