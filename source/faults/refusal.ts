/** A fault that cannot or may not be caused on this target; the message says why, and what can be done instead. */
export class FaultRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultRefused';
  }
}

/** The number when it lies within the bounds. Throws FaultRefused that names what it is and the bounds. */
export function within(value: number, least: number, most: number, what: string): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new FaultRefused(`${what} is ${value}: it has to be ${least} to ${most}`);
}
