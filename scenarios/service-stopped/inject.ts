import { serviceFault } from '../embedded-fault.js';

/** The application is killed without a word; its port refuses connections. */
export const embedded = serviceFault({
  workload: 'todo-app',
  freezes: false,
  describe: 'kills todo-app (SIGKILL)',
  undoDescribe: 'start todo-app again',
  apply: (engine) => engine.kill('todo-app'),
  done: 'todo-app was killed',
  mended: 'started todo-app',
});
