import type { Planner } from '../planner.js';
import { biteOf, planFault } from './plan-fault.js';
import { readSurroundings } from './read-surroundings.js';

/** Plans every kind of fault for containers of Docker. */
export const planner: Planner = {
  plan: async (spec, context) => planFault(spec, await readSurroundings(spec, context)),
  biteOf,
};
