import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { CannotPlan } from '../plan/refusal.js';
import { type KindOfFault, throughDaemon } from './kind.js';

/** Signals whose plain effect is the end of a process (signal(7)). */
const ENDING = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGABRT', 'SIGSEGV'];

/** The target's first process gets a signal; undone by a start. */
export const kill: KindOfFault<'kill'> = {
  reads: { means: false, inside: false, memory: false },
  plan(spec, { target }) {
    const { identity, autoRemove, orchestrated, paused } = target;
    const signal = spec.signal.toUpperCase();
    if (!ENDING.includes(signal))
      throw new CannotPlan(
        `${JSON.stringify(spec.signal)} does not end a process: it is one of ${ENDING.join(', ')}`,
      );
    if (autoRemove)
      throw new CannotPlan(
        `${identity.name} was started with --rm: killed, it is removed, and nothing could start it again; start it without`,
      );
    if (paused)
      throw new CannotPlan(
        `${identity.name} is paused: a signal reaches it later only; docker unpause ${identity.name}`,
      );
    const path = `/containers/${identity.id}`;
    return {
      what: `${identity.name}: its first process gets ${signal}`,
      means: 'docker kill',
      insteadOf: orchestrated ? 'its service replaces it: nothing is started again from here' : null,
      ending: 'timer',
      apply: [{ do: 'docker', method: 'POST', path: `${path}/kill?signal=${signal}` }],
      undo: orchestrated
        ? []
        : [{ do: 'docker', method: 'POST', path: `${path}/start`, okStatus: [304, 404] }],
      keeper: throughDaemon,
    };
  },
  bite(_plan, spec, before, after) {
    const signal = `state ${before.snapshot.state} → ${after.snapshot.state}`;
    if (after.snapshot.state !== 'running') return confirmed(signal);
    // A restart policy can have started it again before anybody looked.
    return spec.signal.toUpperCase() === 'SIGKILL'
      ? inconclusive(`${signal}: started again already, or still ending`)
      : mismatch(`${signal}: it took the signal and runs on`);
  },
};
