import { burst } from '../../source/actions/burst.js';
import type { EmbeddedCause } from '../failure-mode.js';
import type { EmbeddedLab } from '../lab/lab.js';

/** Document Container Networking Exhaustion: `for i in {1..120}`; 60 heal by themselves, 120 do not (measured). */
export const SPIKE_SIZE = 120;
const APP = 'todo-app';
/** Requests at work that one visitor a second leaves in a healthy application. */
const QUIET = 5;

/** 120 requests at once; nothing else is touched. */
export const embedded: EmbeddedCause = {
  target: { workload: APP, freezes: false },
  describe: `sends ${SPIKE_SIZE} requests for GET /todos to ${APP} at the same moment`,
  undoDescribe: `restart ${APP} if requests of the spike still hold it`,
  async inject(lab, signal, progress) {
    const url = `${lab.addresses.appUrl}/todos`;
    const { outcomes } = await burst({
      url,
      count: SPIKE_SIZE,
      timeoutMs: 5000,
      signal,
      onProgress: (done, total) => progress(`${done} of ${total} requests ended`, done / total),
    });
    signal.throwIfAborted();
    const parts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} × ${count}`);
    return `${SPIKE_SIZE} requests at once: ${parts.join(', ')}`;
  },
  async undo(lab) {
    if (await isStuck(lab)) await lab.engine.restart(APP);
  },
  async fix(lab) {
    await lab.engine.restart(APP);
    return `restarted ${APP}`;
  },
};

/** Whether work of the spike is still there; an application that does not even count for us is stuck as well. */
async function isStuck(lab: EmbeddedLab): Promise<boolean> {
  const { app } = await lab.counters();
  return app === null || app.inFlight + app.waiting > QUIET;
}
