import { isGiven } from '../../probes/dns/given-names.js';
import type { DnsNameSample, DnsOutcome } from '../../probes/samples.js';
import { isGrave, type Level } from './level.js';

export { isGiven } from '../../probes/dns/given-names.js';

/** Outcomes that mean that nobody answered while the client waited. */
const SILENT: readonly DnsOutcome[] = ['timeout', 'refused', 'unreachable', 'SERVFAIL', 'REFUSED'];

/**
 * How a step of a lookup ended. A missing name is an ordinary step on the way to one that resolves, further down the
 * search list or at another nameserver of the same client (`given`).
 */
export function levelOfStep(outcome: DnsOutcome, given: boolean): Level {
  if (outcome === 'NOERROR' || outcome === 'NODATA') return 'ok';
  if (SILENT.includes(outcome)) return 'critical';
  return given ? 'ok' : 'warning';
}

/** An answer that came when nobody waited for it any more: a query in vain, even where another one was in time. */
export const LATE_ANSWER: Level = 'warning';

/** How a lookup stands: its worst step, and what came too late; without an address it failed whatever the steps say. */
export function levelOfName(name: DnsNameSample, given: boolean): Level {
  const steps = name.steps.map(({ outcome }) => levelOfStep(outcome, given));
  if (!given || steps.includes('critical')) return 'critical';
  return name.late.length > 0 ? LATE_ANSWER : 'ok';
}

/** Whether a lookup fails, or comes too late for somebody. */
export const isSickLookup = (names: readonly DnsNameSample[], name: DnsNameSample): boolean =>
  isGrave(levelOfName(name, isGiven(names, name)));
