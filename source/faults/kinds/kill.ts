import { ENDING_SIGNALS, FaultRefused } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { daemonCall, startAgain, targetCall, throughDaemon } from '../plan/steps.js';
import type { KindOfFault } from './kind.js';

/** The target's first process gets a signal; undone by a start. */
export const kill: KindOfFault<'kill'> = {
  scope: 'container',
  wants: [],
  touches: ['state', 'network addresses'],
  outlives: () => ['state'],
  ownStep: targetCall('start'),
  plan(spec, { target }) {
    const { identity, autoRemove, orchestrated, paused } = target;
    const signal = spec.signal.toUpperCase();
    if (!ENDING_SIGNALS.some((one) => one === signal))
      throw new FaultRefused(
        `${JSON.stringify(spec.signal)} does not end a process: it is one of ${ENDING_SIGNALS.join(', ')}`,
      );
    if (autoRemove)
      throw new FaultRefused(
        `${identity.name} was started with --rm: killed, it is removed, and nothing could start it again; start it without`,
      );
    if (paused)
      throw new FaultRefused(
        `${identity.name} is paused: a signal reaches it later only; docker unpause ${identity.name}`,
      );
    return {
      ...throughDaemon,
      what: `${identity.name}: its first process gets ${signal}`,
      means: 'docker kill',
      insteadOf: orchestrated ? 'its service replaces it: nothing is started again from here' : null,
      apply: [daemonCall(`/containers/${identity.id}/kill?signal=${signal}`)],
      undo: orchestrated ? [] : [startAgain(identity.id)],
    };
  },
  effect({ spec, before, after }) {
    const signal = `state ${before.snapshot.state} → ${after.snapshot.state}`;
    if (after.snapshot.state !== 'running') return confirmed(signal);
    // A restart policy can have started it again before anybody looked.
    return spec.signal.toUpperCase() === 'SIGKILL'
      ? inconclusive(`${signal}: started again already, or still ending`)
      : mismatch(`${signal}: it took the signal and runs on`);
  },
};
