import { readSurroundings } from '../plan/read-surroundings.js';
import { biteOf, planFault } from './plan-fault.js';
import type { Planner } from './planner-type.js';

/** Plans every kind of fault for containers of Docker. */
export const planner: Planner = {
  plan: async (spec, context) => planFault(spec, await readSurroundings(spec, context)),
  biteOf,
};
