import type { FailureMode } from '../../scenarios/failure-mode.js';
import { hostSignatures } from '../diagnosis/host/index.js';
import type { Signature } from '../diagnosis/signature.js';

/** All that the diagnosis knows: each mode's signature, and the host's own. */
export function signaturesFor(modes: readonly FailureMode[]): readonly Signature[] {
  return [...modes.map((mode) => mode.signature), ...hostSignatures];
}
