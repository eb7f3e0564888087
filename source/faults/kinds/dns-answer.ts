import { packetsOf, packetsReading } from '../observe/counters.js';
import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { lookupOf, lookupReading } from '../observe/lookup.js';
import { leased } from '../plan/nft.js';
import { numberOf } from '../plan/numbers.js';
import { requireNft } from '../plan/require-nft.js';
import { inNetwork, type KindOfFault } from './kind.js';

/** Below the ports that the kernel hands out itself (ip_local_port_range begins at 32768). */
const PORTS = { from: 20_000, count: 10_000 };
/** One before iptables' own (-100): where Docker's resolver is translated to, too, the first to say so wins. */
const BEFORE_DOCKER = -101;

/**
 * Whatever nameserver is asked, a server of ours in the target's network answers. Without that server the redirection
 * would be an outage of its own: it stands behind a lease, and what conntrack remembers of it is deleted with it.
 */
export const dnsAnswer: KindOfFault<'dns-answer'> = {
  reads: { means: true, inside: false, memory: false },
  plan(spec, surroundings) {
    requireNft(surroundings);
    const { id, ttlMs, target } = surroundings;
    const port = numberOf(id, PORTS.from, PORTS.count);
    const { apply, renew, undo } = leased(id, ttlMs, [
      {
        family: 'inet',
        sets: [{ name: 'lease', type: 'inet_service', elements: ['53'] }],
        chains: [
          {
            name: 'asking',
            at: `nat hook output priority ${BEFORE_DOCKER}`,
            rules: ['udp', 'tcp'].map((protocol) => `${protocol} dport @lease counter redirect to :${port}`),
          },
        ],
      },
    ]);
    return {
      what: `${target.identity.name}: every nameserver answers ${spec.rcode}`,
      means: 'nft redirection of port 53 to a DNS server of the keeper',
      ending: 'kernel lease',
      apply: [{ do: 'answer', port, rcode: spec.rcode }, apply, forget],
      renew: [renew],
      undo: [undo, forget],
      readings: [lookupReading(target.identity.name), packetsReading(id)],
      keeper: inNetwork(),
    };
  },
  bite(plan, spec, before, after) {
    const name = lookupReading(plan.target.name).name;
    const [was, is] = [lookupOf(before.readings[name]), lookupOf(after.readings[name])];
    const redirected = packetsOf(after.readings[packetsReading(plan.id).name]) ?? 0;
    const signal = `a lookup gives ${was.text} → ${is.text}, ${redirected} queries redirected`;
    if (is.answer === null) return inconclusive(signal);
    return is.answer === spec.rcode && redirected > 0 ? confirmed(signal) : mismatch(signal);
  },
};

/** Sockets that go on asking would keep their old way as long as conntrack remembers it. 1: there was none. */
const forget = {
  do: 'run',
  command: ['conntrack', '-D', '-p', 'udp', '--orig-port-dst', '53'],
  okCodes: [1],
} as const;
