import type Docker from 'dockerode';
import type { Verb } from '../../verbs.js';
import { isDeadline, reasonOf, statusOf, withDeadline } from '../link/deadline.js';

/** Seconds a container has between SIGTERM and SIGKILL: Docker's own default. */
const GRACE_S = 10;
/** Milliseconds until an action is given up: what it may take in good order, and a busy daemon's time on top. */
const DEADLINE_MS: Readonly<Record<Verb, number>> = {
  start: 30_000,
  stop: GRACE_S * 1_000 + 15_000,
  restart: GRACE_S * 1_000 + 30_000,
  kill: 15_000,
  pause: 10_000,
  unpause: 10_000,
};

/**
 * Does one thing to one container and waits until the daemon says that it is done. What is already so is no error
 * (Docker's 304). Throws an Error that names the container, what failed and why.
 */
export async function act(docker: Docker, id: string, name: string, action: Verb): Promise<void> {
  const container = docker.getContainer(id);
  const ms = DEADLINE_MS[action];
  try {
    await withDeadline(ms, (abortSignal) => {
      if (action === 'stop' || action === 'restart') return container[action]({ t: GRACE_S, abortSignal });
      if (action === 'kill') return container.kill({ signal: 'SIGKILL', abortSignal });
      return container[action]({ abortSignal });
    });
  } catch (error) {
    if (statusOf(error) === 304) return;
    if (isDeadline(error))
      throw new Error(`${name}: Docker did not ${action} it within ${ms / 1_000} s`, { cause: error });
    throw new Error(`${name}: Docker could not ${action} it: ${reasonOf(error)}`, { cause: error });
  }
}
