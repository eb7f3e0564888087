import type { FaultKind, FaultSpec } from '../fault-spec.js';
import { CannotPlan } from './refusal.js';
import type { TargetFacts } from './surroundings.js';

/** Kinds that change a network namespace. */
const IN_NETWORK: readonly FaultKind[] = [
  'delay',
  'loss',
  'drop-peer',
  'dns-answer',
  'dns-drop',
  'bandwidth',
];

/** Throws CannotPlan for a target that no fault of this kind may touch. */
export function checkTarget(spec: FaultSpec, { identity, running, network }: TargetFacts): void {
  const { name } = identity;
  if (!running) throw new CannotPlan(`${name} does not run: docker start ${name}`);
  if (!IN_NETWORK.includes(spec.kind)) return;
  if (network === 'host')
    throw new CannotPlan(
      `${name} has the host's network: a rule there would hit everything on that machine; take a container with a network of its own`,
    );
  if (network === 'none') throw new CannotPlan(`${name} has no network: there is nothing to disturb`);
  if (network !== 'own')
    throw new CannotPlan(
      `${name} has the network of container ${network.container.slice(0, 12)}: name that one, and both are hit`,
    );
}
