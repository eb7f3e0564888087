import { type InspectedTarget, TARGET_LABEL } from '../observe/target.js';
import { FaultRefused } from '../refusal.js';

/** Throws FaultRefused with the next step unless faults are allowed in this container. */
export function assertAllowed({ identity, labelled }: InspectedTarget, confirmed: boolean): void {
  if (confirmed || labelled) return;
  throw new FaultRefused(
    `${identity.name} is not a target: start it with --label ${TARGET_LABEL}=true, ` +
      'or confirm it by typing its name',
  );
}

/**
 * Throws FaultRefused for a target that does not run, or whose network is not its own where that would be changed:
 * what may not be touched is not joined either.
 */
export function assertTouchable(target: InspectedTarget, scope: 'network' | 'container'): void {
  const { identity, running, restarting, network } = target;
  const { name } = identity;
  if (!running || restarting) throw new FaultRefused(`${name} does not run: docker start ${name}`);
  if (scope === 'container') return;
  if (network === 'host')
    throw new FaultRefused(
      `${name} has the host's network: a rule there would hit everything on that machine; take a container with a network of its own`,
    );
  if (network === 'none') throw new FaultRefused(`${name} has no network: there is nothing to disturb`);
  if (network !== 'own')
    throw new FaultRefused(
      `${name} has the network of container ${network.container.slice(0, 12)}: name that one, and both are hit`,
    );
}
