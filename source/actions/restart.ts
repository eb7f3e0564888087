import type { Engine, Workload } from '../engines/engine.js';
import type { Action } from './action.js';

/** Engines end a stop within their own deadlines; this is the bound for both halves (ms). */
const RESTART_DEADLINE_MS = 30_000;

/** The workloads that a name means: the one of that name, or all that are replicas of it. */
export function workloadsOf(engine: Engine, name: string): readonly Workload[] {
  const all = engine.list();
  const one = all.filter((workload) => workload.name === name);
  return one.length > 0 ? one : all.filter((workload) => workload.group === name);
}

/** Restarts a workload, or all replicas of a group at once. Rejects with the first that failed, once all have ended. */
export async function restartAll(engine: Engine, name: string): Promise<void> {
  const ends = await Promise.allSettled(workloadsOf(engine, name).map((one) => engine.restart(one.name)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Restarts one workload of an engine, or all replicas of a group. Fails, in words, when there is no such workload or it does not come back. */
export function createRestart(engine: Engine, name: string): Action {
  return {
    name: 'restart',
    title: `restart ${name}`,
    touches: `stops ${name} and starts it again: its connections and its waiting requests are dropped`,
    deadlineMs: RESTART_DEADLINE_MS,
    async run(context) {
      if (workloadsOf(engine, name).length === 0) {
        const names = engine.list().map((workload) => workload.name);
        return { ok: false, text: `no service ${name}: ${names.join(', ')}` };
      }
      context.progress({ share: null, text: `stopping and starting ${name}` });
      const began = performance.now();
      try {
        await settledOrAborted(restartAll(engine, name), context.signal);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { ok: false, text: `${name} was not restarted: ${why}` };
      }
      return { ok: true, text: `${name} restarted in ${((performance.now() - began) / 1000).toFixed(1)} s` };
    },
  };
}

/** The work's end, or a rejection as soon as the signal aborts; the engine's own deadline ends the work itself. */
function settledOrAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('stopped before it was done'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
