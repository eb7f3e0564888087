import type { Cause } from '../failure-mode.js';
import { ensureRunning } from '../running.js';

/** The application is stopped by a signal; the kernel goes on accepting for it. */
export const embedded: Cause = {
  target: { workload: 'todo-app', freezes: true },
  describe: 'freezes todo-app (SIGSTOP)',
  undoDescribe: 'let todo-app go on (SIGCONT)',
  async inject(lab, signal, progress) {
    signal.throwIfAborted();
    progress('freezes todo-app (SIGSTOP)', null);
    await lab.engine.pause('todo-app');
    return 'todo-app is frozen';
  },
  async undo(lab) {
    await ensureRunning(lab, 'todo-app');
  },
  async fix(lab) {
    await ensureRunning(lab, 'todo-app');
    return 'todo-app goes on';
  },
};
