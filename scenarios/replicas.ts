import { REPLICAS } from '../source/labs/docker/members.js';
import type { LabNames } from '../source/labs/lab.js';

/** Names of the application's replicas as Docker knows them, and their addresses on the lab's network. */
export const replicasOf = (lab: LabNames): { readonly names: string[]; readonly addresses: string[] } => ({
  names: REPLICAS.map((name) => lab.container(name)),
  addresses: REPLICAS.map((name) => lab.addressOf(name)),
});
