import type { DockerCause } from '../failure-mode.js';
import { replicasOf } from '../replicas.js';

const undoDescribe = 'let packets between todo-app and postgres pass again';

/** Between all replicas and their database; this host and the other containers still reach both. */
const cut =
  (ways: 'both' | 'out'): DockerCause['faults'] =>
  (lab) => [{ kind: 'drop-peer', target: lab.container('postgres'), peers: replicasOf(lab).addresses, ways }];

export const docker: readonly DockerCause[] = [
  {
    variant: 'both-ways',
    describe: 'drops every packet between the replicas of todo-app and postgres',
    undoDescribe,
    faults: cut('both'),
  },
  {
    variant: 'one-way',
    describe: 'drops what postgres sends to the replicas of todo-app; what they send still arrives',
    undoDescribe,
    faults: cut('out'),
  },
  {
    variant: 'disconnected',
    describe: 'takes postgres off the network of the lab',
    undoDescribe: 'put postgres back on the network of the lab',
    faults: ({ container, network }) => [{ kind: 'disconnect', target: container('postgres'), network }],
  },
];
