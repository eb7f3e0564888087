import { constants } from 'node:os';
import { tryReadText } from '../read-text.js';

/**
 * Whether a process has a handler of its own for a signal, so that it does not die of it (SigCgt of proc(5)); null where
 * that cannot be read.
 */
export function catchesSignal(pid: number, signal: NodeJS.Signals): boolean | null {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(tryReadText(`/proc/${pid}/status`) ?? '')?.[1];
  if (mask === undefined) return null;
  return ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}
