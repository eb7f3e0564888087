import { type NameView, type ResolverView, SLOW_LOOKUP_MS } from './dns.js';

/** Names that are asked for and denied by design; what asks for them goes on without. */

/** Names of hosts by convention that networks have or have not, asked for by systems and browsers of themselves. */
const BY_CONVENTION: readonly string[] = [
  // Proxy auto-discovery (draft-ietf-wrec-wpad), tunnels (RFC 5214), a canary of browsers (Mozilla, canary domain).
  ...['wpad', 'isatap', 'use-application-dns.net'],
  // A controller that devices look for (Ubiquiti), RFC 6761 and RFC 7050.
  ...['unifi', 'localhost', 'localdomain', 'ipv4only.arpa'],
];

/** Domains that public servers deny: reverse lookups (RFC 1035 3.5), and names of the wire alone (RFC 6762, RFC 6761). */
const DENIED_DOMAINS = /(?:^|\.)(?:arpa|local|localhost|invalid|test|onion)$/;
/** A label that begins so is a service or an attribute, no host (RFC 8552). */
const ATTRIBUTE = /(?:^|\.)_/;
/** An address turned round before a list: that it is not listed is said so (RFC 5782 2.1). */
const ON_A_LIST = /^(?:\d{1,3}\.){4}[^.]*[a-z]|^(?:[0-9a-f]\.){32}/;

const isNobodysNeed = (name: string): boolean => {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return (
    BY_CONVENTION.some((one) => plain === one || (!one.includes('.') && plain.startsWith(`${one}.`))) ||
    DENIED_DOMAINS.test(plain) ||
    ATTRIBUTE.test(plain) ||
    ON_A_LIST.test(plain)
  );
};

/** Denied in so many looks (our choice: a zone is swapped within one). */
const DENIED_RUNS = 2;
/** Asked for so often, one that somebody wants; a browser that tries whether names are made up asks once for each (our choice). */
const WANTED_TIMES = 3;

/**
 * Whether a name that nobody gave us is wanted in vain: somebody asks for it again and again now, at once it is always
 * denied, for both families, and it is no attempt with a suffix for another name that is given.
 */
export function isWantedInVain(
  { name, sample, ok }: NameView,
  { names }: Pick<ResolverView, 'names'>,
): boolean {
  if (sample.learnt !== true || (sample.timesAsked ?? 0) < WANTED_TIMES || isNobodysNeed(name)) return false;
  if (ok.length < DENIED_RUNS || ok.some(({ value }) => value === 1)) return false;
  const denied = sample.steps.every(({ outcome, ms }) => outcome === 'NXDOMAIN' && ms < SLOW_LOOKUP_MS);
  const isAttempt = names.some((one) => one.sample.resolved && name.startsWith(`${one.name}.`));
  return sample.steps.length > 0 && denied && !isAttempt;
}
