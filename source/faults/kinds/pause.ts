import { confirmed, mismatch } from '../observe/effect.js';
import { CannotPlan } from '../plan/refusal.js';
import { type KindOfFault, throughDaemon } from './kind.js';

/** Every process of the target is frozen: connections are taken by the kernel, and nobody answers on them. */
export const pause: KindOfFault<'pause'> = {
  reads: { means: false, inside: false, memory: false },
  plan(_spec, { target }) {
    const { identity, paused } = target;
    if (paused)
      throw new CannotPlan(
        `${identity.name} is paused already, and not by this: docker unpause ${identity.name}`,
      );
    const path = `/containers/${identity.id}`;
    return {
      what: `${identity.name}: all its processes are frozen`,
      means: 'docker pause',
      ending: 'timer',
      apply: [{ do: 'docker', method: 'POST', path: `${path}/pause` }],
      // 409 and 500: it is not paused, or does not run (any more); 404: it was removed.
      undo: [{ do: 'docker', method: 'POST', path: `${path}/unpause`, okStatus: [404, 409, 500] }],
      keeper: throughDaemon,
    };
  },
  bite(_plan, _spec, before, after) {
    const signal = `state ${before.snapshot.state} → ${after.snapshot.state}`;
    return after.snapshot.state === 'paused' ? confirmed(signal) : mismatch(signal);
  },
};
