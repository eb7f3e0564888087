import type { DockerCause } from '../failure-mode.js';
import { startAgain } from '../start-again.js';

const MIB = 1024 * 1024;
/** The limit of the document's experiment: 50 MB where 384 MB were allowed. */
const LIMIT = 50 * MIB;
/** What the process that is added asks for (bytes): more than the limit, so that the kernel has to kill. */
const ASKED = 200 * MIB;

const TARGET = { 'pid-1': 'redis', worker: 'todo-app-1' } as const;

const cause = (victim: 'pid-1' | 'worker'): DockerCause => {
  const name = TARGET[victim];
  const who = victim === 'pid-1' ? 'its first process' : 'a worker, not its first process';
  return {
    variant: victim,
    describe: `limits ${name} to 50 MiB and makes a process in it ask for 200 MiB; the kernel kills ${who}`,
    undoDescribe: `give ${name} its memory back${victim === 'pid-1' ? ' and start it' : ''}`,
    faults: (lab) => [
      { kind: 'memory', target: lab.container(name), bytes: LIMIT },
      { kind: 'allocate', target: lab.container(name), bytes: ASKED, victim },
    ],
    // The container that the kernel ended is started once it has its memory back.
    unload: (lab) => startAgain(lab, name),
  };
};

/** First the one that ends a container, then the one that does not and is overlooked for that. */
export const docker: readonly DockerCause[] = [cause('pid-1'), cause('worker')];
