import type { AgentStep, PlanBody } from '../fault-plan.js';
import { FaultRefused } from '../fault-spec.js';
import type { LinkFacts } from './looks.js';
import { deviceName } from './nft.js';
import { inNetwork, isCommand, type OwnStep } from './steps.js';
import type { Surroundings } from './surroundings.js';

/** Of ours and of nobody else's: a removal that names it takes no other queue away. */
const HANDLE = 'fa17:';

/**
 * A queueing discipline on every device of the target, and back to what was there: nothing. Throws FaultRefused where
 * somebody has set one up already: what it does could not be put back from outside.
 */
export function qdiscPlan(
  options: readonly string[],
  { inside, target }: Surroundings,
): Pick<PlanBody, 'ending' | 'apply' | 'undo' | 'agent'> {
  const links = inside?.links ?? [];
  if (links.length === 0) throw new FaultRefused(`${target.identity.name} has no network device`);
  for (const link of links) assertFree(link, target.identity.name);
  return {
    ending: 'timer',
    apply: links.map(
      ({ name }): AgentStep => ({
        do: 'run',
        command: ['tc', 'qdisc', 'add', 'dev', bare(name), 'root', 'handle', HANDLE, ...options],
      }),
    ),
    undo: links.flatMap((link) => undoSteps(link)),
    agent: inNetwork(),
  };
}

/** A queue of ours is taken away, or a device gets its queue length back. */
export const ownQueue: OwnStep = (step) => {
  const device = /^[A-Za-z0-9_.@-]{1,15}$/;
  const known =
    isCommand(step, ['tc', 'qdisc', 'del', 'dev', device, 'root', 'handle', HANDLE]) ||
    isCommand(step, ['ip', 'link', 'set', 'dev', device, 'txqueuelen', /^\d+$/]);
  return known ? step : null;
};

/** Throws FaultRefused that says whose queue is there already. */
function assertFree({ name, rootQdisc, rootHandle }: LinkFacts, target: string): void {
  if (rootQdisc === 'noqueue') return;
  if (rootHandle === HANDLE)
    throw new FaultRefused(
      `${target}: another fault of ours holds the queue of ${name}: undo it first (faultline undo)`,
    );
  throw new FaultRefused(
    `${target}: ${name} has a root qdisc that is not ours (${rootQdisc}): look at it with tc qdisc show dev ${name}`,
  );
}

/** The kernel gives a device without a queue length one when a qdisc comes; that is put back, too. */
function undoSteps({ name, queueLength }: LinkFacts): readonly AgentStep[] {
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
