import { createHash } from 'node:crypto';
import { FaultRefused } from './refusal.js';

/** The name of a fault's nftables table, and the comment of its other rules. Throws FaultRefused for no id of a fault. */
export function tableName(id: string): string {
  if (!/^f[0-9a-z]{1,30}$/.test(id)) throw new FaultRefused(`${JSON.stringify(id)} is no id of a fault`);
  return `faultline_${id}`;
}

/** A number that an id always gives again, `from` to `from + count - 1`: a port or a queue of its own for each fault. */
export function numberOf(id: string, from: number, count: number): number {
  return from + (createHash('sha256').update(id).digest().readUInt32BE(0) % count);
}
