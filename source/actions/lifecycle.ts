import type { Engine, Workload } from '../engines/engine.js';
import { unfit, VERBS, type Verb } from '../engines/verbs.js';
import { seconds } from '../terminal/format.js';
import type { Action } from './action.js';

/** Engines end every call within their own deadlines (Docker's restart: 40 s); this is the bound above all of them (ms). */
const DEADLINE_MS = 45_000;

/** The workloads that a name means: the one of that name, or all that are replicas of it. */
export function workloadsOf(engine: Engine, name: string): readonly Workload[] {
  const all = engine.list();
  const one = all.filter((workload) => workload.name === name);
  return one.length > 0 ? one : all.filter((workload) => workload.group === name);
}

/** Those of them that the verb does something to; all where it does nothing to any, so that the engine says why. */
function concerned(engine: Engine, verb: Verb, name: string): readonly Workload[] {
  const all = workloadsOf(engine, name);
  const fit = all.filter(({ state }) => unfit(verb, state) === undefined);
  return fit.length > 0 ? fit : all;
}

/** Does it to a workload, or to all replicas of a group at once. Rejects with the first that failed, once all have ended. */
export async function doToAll(engine: Engine, verb: Verb, name: string): Promise<void> {
  const ends = await Promise.allSettled(concerned(engine, verb, name).map((one) => engine[verb](one.name)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** One verb for one workload of an engine, or for all replicas of a group. Fails, in words, when it could not be done. */
export function createLifecycle(engine: Engine, verb: Verb, name: string): Action {
  const { doing, done, touches } = VERBS[verb];
  return {
    name: verb,
    title: `${verb} ${name}`,
    touches: `${name}: ${touches}`,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const replicas = concerned(engine, verb, name).length;
      const who = replicas > 1 ? `${name} (${replicas} replicas)` : name;
      context.progress({ share: null, text: `${doing} ${who}` });
      const began = performance.now();
      try {
        await settledOrAborted(doToAll(engine, verb, name), context.signal);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { ok: false, text: `${name} was not ${done}: ${why}` };
      }
      return { ok: true, text: `${who} ${done} in ${seconds(performance.now() - began)}` };
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
