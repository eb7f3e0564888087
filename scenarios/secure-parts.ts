import { type Certificate, issueCertificate } from '../source/labs/certificates.js';
import type { LabPart, PartSwitch } from '../source/labs/part.js';

const DAY_MS = 86_400_000;
/** Name by which its client asks for the server, and every name that it is well served under. */
const NAME = 'payments.test';
export const HOSTS: readonly string[] = [NAME, 'localhost', '127.0.0.1'];

/** Days from now at which a certificate begins and ends. */
type Days = readonly [from: number, to: number];
export const IN_DATE: Days = [-1, 90];

/** A root, an intermediate below it, and leaves of that. */
export interface Authority {
  readonly root: Certificate;
  readonly middle: Certificate;
  issue(hosts: readonly string[], days: Days): Certificate;
}

/** Made anew for each start: nothing of it is kept that could end. */
export function newAuthority(name: string): Authority {
  const at = (days: number): number => Date.now() + days * DAY_MS;
  const span = { from: at(-100), to: at(365) };
  const root = issueCertificate({ name, ...span });
  const middle = issueCertificate({ name: `${name} Intermediate`, issuer: root, ...span });
  return {
    ...{ root, middle },
    issue: (hosts, [from, to]) =>
      issueCertificate({ name: hosts[0] ?? '', hosts, issuer: middle, from: at(from), to: at(to) }),
  };
}

/** PEM of a key, its certificate and what is sent behind that. */
export const sentPem = (own: Certificate, ...behind: readonly Certificate[]): string =>
  [own.key, own.pem, ...behind.map(({ pem }) => pem)].join('');

/**
 * `payments`, an HTTPS server that is a target, by the settings of the program `secure-server`, and `checkout`, a client
 * that asks it and trusts its root alone. Each start has a root of its own.
 */
export function secureParts(
  settings: (trusted: Authority) => Readonly<Record<string, string>>,
  offer: PartSwitch,
): readonly LabPart[] {
  let trusted: Authority | undefined;
  const ca = (): string => trusted?.root.pem ?? '';
  return [
    {
      ...{ name: 'payments', program: 'secure-server', port: 8443, switches: [offer] },
      settings() {
        trusted = newAuthority('Lab Root');
        return settings(trusted);
      },
      target: ({ host, port }) => ({ name: 'GET payments', url: `https://${host}:${port}/`, ca: ca() }),
    },
    {
      ...{ name: 'checkout', program: 'strict-client' },
      settings(where) {
        const { host, port } = where('payments');
        return { PART_PEER_HOST: host, PART_PEER_PORT: `${port}`, PART_SERVER_NAME: NAME, PART_CA: ca() };
      },
    },
  ];
}
