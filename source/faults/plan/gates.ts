import type { FaultPlan, Snapshot } from '../fault-plan.js';
import { FaultRefused } from '../fault-spec.js';
import { type InspectedTarget, TARGET_LABEL } from '../observe/target.js';

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

/**
 * Throws FaultRefused when something in the target stands in the way of a plan, and says whose it is. A queueing
 * discipline with the handle 0 is the kernel's own default; any other was put there by someone (tc(8)).
 */
export function assertNothingInTheWay(plan: FaultPlan, snapshot: Snapshot): void {
  const { name } = plan.target;
  const table = Object.keys(snapshot).find((section) => section.endsWith(` faultline_${plan.id}`));
  if (table !== undefined)
    throw new FaultRefused(`${name} has a table ${table.slice('nft '.length)} already; ask once more`);
  const others = (snapshot.qdisc ?? '')
    .split('\n')
    .filter((line) => / root\b/.test(line) && !/^qdisc \S+ 0: /.test(line));
  if (setsQueue(plan) && others.length > 0)
    throw new FaultRefused(
      `${name} has a queueing discipline that someone else set (${others.join('; ')}); it is not touched. ` +
        'Whoever set it can take it away: tc qdisc del dev <device> root',
    );
}

/** Whether a plan puts a queueing discipline on a device. */
const setsQueue = ({ apply }: FaultPlan): boolean =>
  apply.some((step) => step.do === 'run' && step.command[0] === 'tc' && step.command.includes('qdisc'));
