import { isIPv4, isIPv6 } from 'node:net';
import { CannotPlan } from './refusal.js';

/** Addresses by their family, each once. Throws CannotPlan for what is none: this text goes into a rule. */
export function addressesOf(peers: readonly string[]): {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
} {
  const ipv4 = new Set<string>();
  const ipv6 = new Set<string>();
  for (const peer of peers) {
    if (isIPv4(peer)) ipv4.add(peer);
    // A zone (fe80::1%eth0) is no part of the address on the wire.
    else if (isIPv6(peer) && !peer.includes('%')) ipv6.add(peer.toLowerCase());
    else throw new CannotPlan(`${JSON.stringify(peer).slice(0, 100)} is no IP address`);
  }
  if (ipv4.size + ipv6.size === 0) throw new CannotPlan('there is no address to cut it off from');
  return { ipv4: [...ipv4], ipv6: [...ipv6] };
}
