import type { FaultPlan } from '../fault-plan.js';
import { CannotPlan } from './refusal.js';
import type { ProcessFacts, Surroundings } from './surroundings.js';

/** The target's first process. Throws CannotPlan when it could not be seen. */
export function firstProcess({ inside, target }: Surroundings): ProcessFacts {
  const first = inside?.processes.find(({ pid }) => pid === 1);
  if (first) return first;
  throw new CannotPlan(
    `${target.identity.name}: its first process cannot be seen from a container beside it`,
  );
}

/** A keeper among the target's processes that has the user of the first one: what that one may do to itself, it may. */
export function asOwner(surroundings: Surroundings): Omit<FaultPlan['keeper'], 'socket'> {
  const { uid, gid } = firstProcess(surroundings);
  return { capabilities: [], network: 'none', pid: true, user: `${uid}:${gid}` };
}
