import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { lookupOf, lookupReading, packetsOf, packetsReading } from '../observe/readings.js';
import { arriving, DNS_PORT, leased } from '../plan/nft.js';
import { ownTables } from '../plan/steps.js';
import type { KindOfFault } from './kind.js';

/**
 * Answers of nameservers are dropped as they arrive, also those of Docker's resolver: these come over the loopback,
 * and their port is 53 again by then. Questions are not touched: a drop there would be told to the client (EPERM).
 */
export const dnsDrop: KindOfFault<'dns-drop'> = {
  scope: 'network',
  wants: ['means'],
  touches: [],
  ownStep: ownTables,
  plan(_spec, surroundings) {
    const { name } = surroundings.target.identity;
    const drops = ['udp', 'tcp'].map((protocol) => `${protocol} sport @lease counter drop`);
    return {
      ...leased(surroundings, [{ family: 'inet', sets: [DNS_PORT], chains: [arriving(drops)] }]),
      what: `${name}: no answer of any nameserver arrives`,
      means: 'nft, drop of what comes from port 53',
      readings: [lookupReading(name), packetsReading(surroundings.id)],
    };
  },
  effect({ plan, before, after }) {
    const [was, is] = [lookupOf(plan, before), lookupOf(plan, after)];
    const dropped = packetsOf(plan, after) ?? 0;
    const signal = `a lookup gives ${was.text} → ${is.text}, ${dropped} answers dropped`;
    if (is.answer !== null) return mismatch(signal);
    return dropped > 0 ? confirmed(signal) : inconclusive(signal);
  },
};
