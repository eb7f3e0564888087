import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

let context: SecureContext | undefined;

/**
 * Trusts whom the clients of this host trust: the authorities of the system as well as those that come with Node and
 * NODE_EXTRA_CA_CERTS. Made once, as it takes some 50 ms.
 */
export function hostTrust(): SecureContext {
  context ??= createSecureContext({ ca: authorities() });
  return context;
}

/** Node before 22.15 cannot say: its own are used then. */
function authorities(): string[] | undefined {
  if (typeof getCACertificates !== 'function') return undefined;
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
