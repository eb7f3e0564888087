import type { FaultSpec } from '../../source/faults/fault-spec.js';
import type { DockerCause } from '../failure-mode.js';
import { replicasOf } from '../replicas.js';

const undoDescribe = 'give the replicas of todo-app their resolver back';

const inEach =
  (fault: (target: string) => FaultSpec): DockerCause['faults'] =>
  (lab) =>
    replicasOf(lab).names.map(fault);

const answers = (variant: string, rcode: 'NXDOMAIN' | 'SERVFAIL'): DockerCause => ({
  variant,
  describe: `answers every lookup inside the replicas of todo-app with ${rcode}`,
  undoDescribe,
  faults: inEach((target) => ({ kind: 'dns-answer', target, rcode })),
});

export const docker: readonly DockerCause[] = [
  answers('nxdomain', 'NXDOMAIN'),
  answers('servfail', 'SERVFAIL'),
  {
    variant: 'silence',
    describe: 'drops every answer of a resolver on its way into the replicas of todo-app',
    undoDescribe,
    faults: inEach((target) => ({ kind: 'dns-drop', target })),
  },
];
