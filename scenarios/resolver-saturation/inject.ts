import { burst } from '../../source/actions/burst.js';
import { doToAll } from '../../source/actions/lifecycle.js';
import type { Lab } from '../../source/labs/lab.js';
import type { CauseProgress, DockerCause, EmbeddedCause } from '../failure-mode.js';

/** Document Container Networking Exhaustion: `for i in {1..120}`; 60 heal by themselves, 120 do not (measured). */
export const SPIKE_SIZE = 120;
const APP = 'todo-app';
/** Requests at work that one visitor a second leaves in a healthy application. */
const QUIET = 5;

const describe = `sends ${SPIKE_SIZE} requests for GET /todos to ${APP} at the same moment`;
const undoDescribe = `restart ${APP} if requests of the spike still hold it`;

/** 120 requests at once; nothing else is touched. */
export const embedded: EmbeddedCause = {
  target: { workload: APP, freezes: false },
  describe,
  undoDescribe,
  inject: spike,
  undo: restartIfStuck,
  fix: restart,
};

/** The same through the gateway: every replica gets its share. */
export const docker: DockerCause = {
  describe,
  undoDescribe,
  faults: () => [],
  load: spike,
  unload: restartIfStuck,
  fix: restart,
};

async function spike(lab: Lab, signal: AbortSignal, progress: CauseProgress): Promise<string> {
  const { outcomes } = await burst({
    url: `${lab.addresses.appUrl}/todos`,
    count: SPIKE_SIZE,
    timeoutMs: 5000,
    signal,
    onProgress: (done, total) => progress(`${done} of ${total} requests ended`, done / total),
  });
  signal.throwIfAborted();
  const parts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} × ${count}`);
  return `${SPIKE_SIZE} requests at once: ${parts.join(', ')}`;
}

/** Work of the spike is still there; an application that does not even count for us is stuck as well. */
async function restartIfStuck(lab: Lab): Promise<void> {
  const { app } = await lab.counters();
  if (app === null || app.inFlight + app.waiting > QUIET) await doToAll(lab.engine, 'restart', lab.app);
}

async function restart(lab: Lab): Promise<string> {
  await doToAll(lab.engine, 'restart', lab.app);
  return `restarted ${lab.app}`;
}
