import { BOUNDS, FaultRefused, within } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { type LimitFacts, limitOf } from '../observe/target.js';
import { bytesText, limitsCall, throughDaemon, updateLimits } from '../plan/steps.js';
import type { KindOfFault } from './kind.js';

/**
 * What "no limit" is in the kernel: LONG_MAX rounded down to pages of 4 kB (PAGE_COUNTER_MAX); the kernel rounds what
 * it is told in the same way. The daemon has no other way to take a limit away: 0 means "leave it", and -1 is refused as
 * too small.
 */
const NO_LIMIT = 2 ** 63 - 4096;

/** A memory limit, with swap off, by `docker update`. */
export const memory: KindOfFault<'memory'> = {
  scope: 'container',
  wants: ['memory'],
  touches: ['limits: memory'],
  outlives: () => ['state'],
  ownStep: limitsCall(['Memory', 'MemorySwap']),
  plan(spec, { target, memoryInUse }) {
    const bytes = Math.round(within(spec.bytes, BOUNDS.memoryBytes));
    const { limits, identity } = target;
    if (memoryInUse !== null && memoryInUse >= bytes)
      throw new FaultRefused(
        `${identity.name} holds ${bytesText(memoryInUse)} that cannot be given back: a limit of ${bytesText(bytes)} would be refused or kill it at once; take a higher one, and "allocate" to fill it`,
      );
    if (limits.memoryReservation > bytes)
      throw new FaultRefused(
        `${identity.name} has a reservation of ${bytesText(limits.memoryReservation)}: the daemon takes no limit below it`,
      );
    const has = limits.memory > 0 ? bytesText(limits.memory) : 'no limit';
    return {
      ...throughDaemon,
      what: `${identity.name}: held to ${bytesText(bytes)} of memory, swap off (it has ${has})`,
      means: 'docker update, memory limit',
      apply: [updateLimits(identity.id, { Memory: bytes, MemorySwap: bytes })],
      undo: [updateLimits(identity.id, asBefore(limits))],
    };
  },
  effect({ spec, before, after }) {
    const { limits } = after.snapshot;
    if (limits === undefined) return inconclusive('the daemon does not say what its limits are');
    const text = (section: string | undefined): string => {
      const value = section === undefined ? null : limitOf(section, 'memory');
      return value === null ? 'none' : bytesText(value);
    };
    const signal = `memory limit ${text(before.snapshot.limits)} → ${text(limits)}`;
    return limitOf(limits, 'memory') === Math.round(spec.bytes) ? confirmed(signal) : mismatch(signal);
  },
};

/** Swap without a limit is said as a number, too: the daemon forgets a -1 when memory is raised beyond the old swap. */
function asBefore({ memory: bytes, memorySwap }: LimitFacts): object {
  return {
    Memory: bytes > 0 ? bytes : NO_LIMIT,
    MemorySwap: bytes > 0 && memorySwap > 0 ? memorySwap : NO_LIMIT,
  };
}
