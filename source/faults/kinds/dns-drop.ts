import { packetsOf, packetsReading } from '../observe/counters.js';
import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { lookupOf, lookupReading } from '../observe/lookup.js';
import { leased } from '../plan/nft.js';
import { requireNft } from '../plan/require-nft.js';
import { inNetwork, type KindOfFault } from './kind.js';

/**
 * Answers of nameservers are dropped as they arrive, also those of Docker's resolver: these come over the loopback,
 * and their port is 53 again by then. Questions are not touched: a drop there would be told to the asker (EPERM).
 */
export const dnsDrop: KindOfFault<'dns-drop'> = {
  reads: { means: true, inside: false, memory: false },
  plan(_spec, surroundings) {
    requireNft(surroundings);
    const { id, ttlMs, target } = surroundings;
    const { apply, renew, undo } = leased(id, ttlMs, [
      {
        family: 'inet',
        sets: [{ name: 'lease', type: 'inet_service', elements: ['53'] }],
        chains: [
          {
            name: 'arriving',
            at: 'filter hook prerouting priority raw',
            rules: ['udp', 'tcp'].map((protocol) => `${protocol} sport @lease counter drop`),
          },
        ],
      },
    ]);
    return {
      what: `${target.identity.name}: no answer of any nameserver arrives`,
      means: 'nft, drop of what comes from port 53',
      ending: 'kernel lease',
      apply: [apply],
      renew: [renew],
      undo: [undo],
      readings: [lookupReading(target.identity.name), packetsReading(id)],
      keeper: inNetwork(),
    };
  },
  bite(plan, _spec, before, after) {
    const name = lookupReading(plan.target.name).name;
    const [was, is] = [lookupOf(before.readings[name]), lookupOf(after.readings[name])];
    const dropped = packetsOf(after.readings[packetsReading(plan.id).name]) ?? 0;
    const signal = `a lookup gives ${was.text} → ${is.text}, ${dropped} answers dropped`;
    if (is.answer !== null) return mismatch(signal);
    return dropped > 0 ? confirmed(signal) : inconclusive(signal);
  },
};
