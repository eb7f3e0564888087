import { createHash } from 'node:crypto';
import { CannotPlan } from './refusal.js';

/** The number when it lies within the bounds. Throws CannotPlan that names what it is and the bounds. */
export function within(value: number, least: number, most: number, what: string): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new CannotPlan(`${what} is ${value}: it has to be ${least} to ${most}`);
}

/** A number that an id always gives again, `from` to `from + count - 1`: a port or a queue of its own for each fault. */
export function numberOf(id: string, from: number, count: number): number {
  return from + (createHash('sha256').update(id).digest().readUInt32BE(0) % count);
}
