import type { HttpFailure, TlsTrouble } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import { hostOf } from './addresses.js';
import { now, quoted } from './fixes.js';

/** What shows the certificate of an address, its chain, and which versions it speaks. */
const commandsFor = (address: string) => {
  const handshake = `openssl s_client -connect ${address} -servername ${hostOf(address)}`;
  return {
    handshake,
    certificate: `${handshake} -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`,
    chain: `${handshake} -showcerts </dev/null | grep -E '^ *[0-9]+ s:|^ *i:|Verify'`,
    versions: `${handshake} -tls1_2 </dev/null; ${handshake} -tls1_3 </dev/null; ${handshake} -tls1_1 -cipher DEFAULT@SECLEVEL=0 </dev/null`,
  };
};

type Shown = Exclude<keyof ReturnType<typeof commandsFor>, 'handshake'>;

const FIXES: Readonly<Record<Exclude<TlsTrouble, 'refused-handshake'>, readonly [string, Shown]>> = {
  expired: [
    'renew the certificate, have the server load it, and see why nothing renewed it in time',
    'certificate',
  ],
  'not-valid-yet': [
    'see whether the clock of this host is right, else issue the certificate anew',
    'certificate',
  ],
  'other-name': ['serve the certificate of this name, or ask by a name that it is for', 'certificate'],
  incomplete: [
    'have the server send the certificates of its issuers behind its own (fullchain.pem)',
    'chain',
  ],
  'unknown-authority': [
    'have it signed by an authority that clients know, or have them trust this one',
    'chain',
  ],
  'self-signed': ['have it signed by an authority that clients know, or have them trust this one', 'chain'],
  revoked: ['issue the certificate anew, and see why it was revoked', 'certificate'],
  unaccepted: ['see the certificate that it serves: its key, its signature, its chain', 'certificate'],
  version: ['allow TLS 1.2 and 1.3 at the server', 'versions'],
};

/** What to do about a TLS handshake, by what its client meets. */
export function tlsFix(
  { tls, short = '' }: Pick<HttpFailure, 'tls' | 'short'>,
  address: string,
  url: string,
): Fix {
  const commands = commandsFor(address);
  if (tls === 'not-valid-yet') return now(FIXES[tls][0], `date -u; ${commands.certificate}`);
  if (tls !== undefined && tls !== 'refused-handshake') return now(FIXES[tls][0], commands[FIXES[tls][1]]);
  if (/no TLS at its port/.test(short))
    return now(
      'ask it by http://, or have TLS served at this port',
      `curl -sv ${quoted(url.replace(/^https:/, 'http:'))}`,
    );
  if (/without this name/.test(short))
    return now(
      'see which names the server is set up for: this one is in none of its blocks',
      `${commands.handshake} </dev/null`,
    );
  return now(
    'see how far the handshake comes, and what the log of the server says at that time',
    `${commands.handshake} -msg </dev/null`,
  );
}

/** What to do about a certificate that ends soon. */
export const renewFix = (address: string): Fix =>
  now(
    'renew the certificate and have the server load it; see why nothing renewed it until now',
    commandsFor(address).certificate,
  );
