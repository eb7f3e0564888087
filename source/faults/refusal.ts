/** A fault that cannot or may not be caused on this target; the message says why, and what can be done instead. */
export class FaultRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultRefused';
  }
}
