import { numberOf } from '../fault-plan.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { lookupOf, lookupReading, packetsOf, packetsReading } from '../observe/readings.js';
import { DNS_PORT, leased } from '../plan/nft.js';
import { anyOf, isCommand, ownTables } from '../plan/steps.js';
import type { KindOfFault } from './kind.js';

/** Below the ports that the kernel hands out itself (ip_local_port_range begins at 32768). */
const PORTS = { from: 20_000, count: 10_000 };
/** One before iptables' own (-100): where Docker's resolver is translated to, too, the first to say so wins. */
const BEFORE_DOCKER = -101;

/**
 * Whatever nameserver is asked, a server of ours in the target's network answers. Without that server the redirection
 * would be an outage of its own: it stands behind a lease, and what conntrack remembers of it is deleted with it.
 */
export const dnsAnswer: KindOfFault<'dns-answer'> = {
  scope: 'network',
  wants: ['means'],
  touches: [],
  ownStep: anyOf(ownTables, (step) => (isCommand(step, forget.command) ? forget : null)),
  plan(spec, surroundings) {
    const { id, target } = surroundings;
    const { name } = target.identity;
    const port = numberOf(id, PORTS.from, PORTS.count);
    const lease = leased(surroundings, [
      {
        family: 'inet',
        sets: [DNS_PORT],
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
      ...lease,
      what: `${name}: every nameserver answers ${spec.rcode}`,
      means: 'nft redirection of port 53 to a DNS server of the fault agent',
      apply: [{ do: 'answer', port, rcode: spec.rcode }, ...lease.apply, forget],
      undo: [...lease.undo, forget],
      readings: [lookupReading(name), packetsReading(id)],
    };
  },
  effect({ plan, spec, before, after }) {
    const [was, is] = [lookupOf(plan, before), lookupOf(plan, after)];
    const redirected = packetsOf(plan, after) ?? 0;
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
