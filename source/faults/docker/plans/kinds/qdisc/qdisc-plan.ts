import type { KeeperStep } from '../../../fault-plan.js';
import { CannotPlan } from '../../cannot-plan.js';
import { deviceName } from '../../nft/table-name.js';
import type { PlanBody } from '../../plan-body.js';
import type { LinkFacts, Surroundings } from '../../surroundings.js';

/** Of ours and of nobody else's: a removal that names it takes no other queue away. */
const HANDLE = 'fa17:';

/**
 * A queueing discipline on every device of the target, and back to what was there: nothing. Throws CannotPlan where
 * somebody has set one up already: what it does could not be put back from outside.
 */
export function qdiscPlan(
  options: readonly string[],
  { inside, target }: Surroundings,
): Pick<PlanBody, 'ending' | 'apply' | 'undo'> {
  const links = inside?.links ?? [];
  if (links.length === 0) throw new CannotPlan(`${target.identity.name} has no network device`);
  const foreign = links.find(({ rootQdisc }) => rootQdisc !== 'noqueue');
  if (foreign)
    throw new CannotPlan(
      `${target.identity.name}: ${foreign.name} has a root qdisc that is not ours (${foreign.rootQdisc}): look at it with tc qdisc show dev ${foreign.name}`,
    );
  return {
    ending: 'timer',
    apply: links.map(
      ({ name }): KeeperStep => ({
        do: 'run',
        command: ['tc', 'qdisc', 'add', 'dev', bare(name), 'root', 'handle', HANDLE, ...options],
      }),
    ),
    undo: links.flatMap((link) => undoSteps(link)),
  };
}

/** The kernel gives a device without a queue length one when a qdisc comes; that is put back, too. */
function undoSteps({ name, queueLength }: LinkFacts): readonly KeeperStep[] {
  return [
    // 2: there is none (any more).
    { do: 'run', command: ['tc', 'qdisc', 'del', 'dev', bare(name), 'root', 'handle', HANDLE], okCodes: [2] },
    { do: 'run', command: ['ip', 'link', 'set', 'dev', bare(name), 'txqueuelen', String(queueLength)] },
  ];
}

/** The name as an argument; checked like one in a rule. */
function bare(name: string): string {
  return deviceName(name).slice(1, -1);
}
