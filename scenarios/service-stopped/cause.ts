import type { Cause } from '../failure-mode.js';
import { ensureRunning } from '../running.js';

/** The application is killed without a word; its port refuses connections. */
export const embedded: Cause = {
  target: { workload: 'todo-app', freezes: false },
  describe: 'kills todo-app (SIGKILL)',
  undoDescribe: 'start todo-app again',
  async inject(lab, signal, progress) {
    signal.throwIfAborted();
    progress('kills todo-app (SIGKILL)', null);
    await lab.engine.kill('todo-app');
    return 'todo-app was killed';
  },
  async undo(lab) {
    await ensureRunning(lab, 'todo-app');
  },
  async fix(lab) {
    await ensureRunning(lab, 'todo-app');
    return 'started todo-app';
  },
};
