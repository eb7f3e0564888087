import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls';

/** By the authority that is trusted besides; '' for none. Made once each, as it takes some 50 ms. */
const contexts = new Map<string, SecureContext>();

/**
 * Trusts whom the clients of this host trust: the authorities of the system as well as those that come with Node and
 * NODE_EXTRA_CA_CERTS, and `besides` (PEM) for a target that has one of its own.
 */
export function hostTrust(besides = ''): SecureContext {
  const known = contexts.get(besides);
  if (known) return known;
  const own = authorities();
  const ca = besides === '' ? own : [...(own ?? rootCertificates), besides];
  const context = createSecureContext({ ca });
  contexts.set(besides, context);
  return context;
}

/** Node before 22.15 cannot say: its own are used then. */
function authorities(): string[] | undefined {
  if (typeof getCACertificates !== 'function') return undefined;
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
