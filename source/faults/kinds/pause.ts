import { FaultRefused } from '../fault-spec.js';
import { confirmed, mismatch } from '../fault-verdict.js';
import { daemonCall, targetCall, throughDaemon } from '../plan/steps.js';
import type { KindOfFault } from './kind.js';

/** Every process of the target is frozen: connections are taken by the kernel, and nobody answers on them. */
export const pause: KindOfFault<'pause'> = {
  scope: 'container',
  wants: [],
  touches: ['state'],
  outlives: (state) => (state === 'paused' ? ['state'] : []),
  ownStep: targetCall('unpause'),
  plan(_spec, { target }) {
    const { identity, paused } = target;
    if (paused)
      throw new FaultRefused(
        `${identity.name} is paused already, and not by this: docker unpause ${identity.name}`,
      );
    const path = `/containers/${identity.id}`;
    return {
      ...throughDaemon,
      what: `${identity.name}: all its processes are frozen`,
      means: 'docker pause',
      apply: [daemonCall(`${path}/pause`)],
      // 409 and 500: it is not paused, or does not run (any more); 404: it was removed.
      undo: [daemonCall(`${path}/unpause`, undefined, [404, 409, 500])],
    };
  },
  effect({ before, after }) {
    const signal = `state ${before.snapshot.state} → ${after.snapshot.state}`;
    return after.snapshot.state === 'paused' ? confirmed(signal) : mismatch(signal);
  },
};
