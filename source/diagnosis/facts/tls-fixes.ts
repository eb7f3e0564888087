import type { Fix } from '../../store/finding.js';
import { hostOf } from './addresses.js';
import { now, quoted } from './fixes.js';

/** What to do about a TLS handshake, by what its client meets. */
export function tlsFix(meets: string, address: string, url: string): Fix {
  const handshake = `openssl s_client -connect ${address} -servername ${hostOf(address)}`;
  const certificate = `${handshake} -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
  const chain = `${handshake} -showcerts </dev/null | grep -E '^ *[0-9]+ s:|^ *i:|Verify'`;
  if (/expired|out of date/.test(meets))
    return now(
      'renew the certificate, have the server load it, and see why nothing renewed it in time',
      certificate,
    );
  if (/not valid yet/.test(meets))
    return now(
      'see whether the clock of this host is right, else issue the certificate anew',
      `date -u; ${certificate}`,
    );
  if (/another name/.test(meets))
    return now('serve the certificate of this name, or ask by a name that it is for', certificate);
  if (/incomplete/.test(meets))
    return now('have the server send the certificates of its issuers behind its own (fullchain.pem)', chain);
  if (/unknown authority|self-signed/.test(meets))
    return now('have it signed by an authority that clients know, or have them trust this one', chain);
  if (/no TLS at its port/.test(meets))
    return now(
      'ask it by http://, or have TLS served at this port',
      `curl -sv ${quoted(url.replace(/^https:/, 'http:'))}`,
    );
  if (/version/.test(meets))
    return now(
      'allow TLS 1.2 and 1.3 at the server',
      `${handshake} -tls1_2 </dev/null; ${handshake} -tls1_3 </dev/null; ${handshake} -tls1_1 -cipher DEFAULT@SECLEVEL=0 </dev/null`,
    );
  if (/without this name/.test(meets))
    return now(
      'see which names the server is set up for: this one is in none of its blocks',
      `${handshake} </dev/null`,
    );
  if (/certificate/.test(meets))
    return now('see the certificate that it serves: its dates, its names, its chain', certificate);
  return now(
    'see how far the handshake comes, and what the log of the server says at that time',
    `${handshake} -msg </dev/null`,
  );
}
