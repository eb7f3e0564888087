import { serviceFault } from '../embedded-fault.js';

/** The application is stopped by a signal; the kernel goes on accepting for it. */
export const embedded = serviceFault({
  workload: 'todo-app',
  freezes: true,
  describe: 'freezes todo-app (SIGSTOP)',
  undoDescribe: 'let todo-app go on (SIGCONT)',
  apply: (engine) => engine.pause('todo-app'),
  done: 'todo-app is frozen',
  mended: 'todo-app goes on',
});
