import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'tls-chain',
  title: 'Clients do not accept the certificate',
  summary:
    'A server is reached and speaks TLS, but its clients refuse the certificate: it ended, names another host, comes without its issuer, or goes back to a root that they do not trust.',
  severity: 'critical',
  origin: 'Real-World Network Failure Scenarios, "TLS Handshake Failure After Certificate Rotation"',
  alerts: [
    ['CertificateRefused', '2 handshakes in 20 s fail at the certificate', '0s'],
    [
      'CertificateEndsSoon',
      '< 14 days left is a notice, < 7 a warning; and < 20 %, < 10 % of its time',
      '0s',
    ],
  ],
  symptoms: [
    'from one minute to the next every request by HTTPS fails, mostly after a renewal or at midnight UTC',
    'clients log "certificate verify failed", "unable to get local issuer certificate", "certificate has expired"',
    'TCP connects at once, and nothing is wrong with names or packets',
    'with an incomplete chain browsers work, as they keep issuers that they saw elsewhere; curl, Go, Java and Node fail',
  ],
  investigation: [
    [
      'Look at the certificate: its dates, its names',
      'openssl s_client -connect <server>:443 -servername <name> </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
      'notAfter in the past, notBefore in the future, or a list of names without this one; all well: look at the chain',
    ],
    [
      'Count what is sent',
      "openssl s_client -connect <server>:443 -servername <name> -showcerts </dev/null 2>/dev/null | grep -c 'BEGIN CERTIFICATE'",
      '1: the issuer is not sent; usual are 2 or 3',
    ],
    [
      'See at which certificate the check ends',
      "openssl s_client -connect <server>:443 -servername <name> </dev/null 2>&1 | grep -iE 'verify|depth'",
      'verify error 20 or 21: an issuer is missing; 10: expired; 18 or 19: a root that is not trusted',
    ],
  ],
  rootCause: [
    'a renewal that replaced the leaf alone: what is sent lacks the intermediate that signed it',
    'a renewal that failed or was never loaded: the server still shows the old certificate',
    'a certificate of another host, by a wrong server block or a client that sends no server name',
    'a private root that was never given to this client, or a clock that is wrong',
  ],
  fix: [
    'serve leaf and intermediates in one file (fullchain.pem), and have the server load it',
    'renew what ended; where the clock is wrong, set it',
  ],
  prevention: [
    'renewal writes one file with the whole chain, checks it by openssl verify, and reloads the server',
    'after each renewal a request by a client that trusts the root alone, from outside',
    'an alert 14 days before the end, for each name and each address that serves it',
  ],
  confusedWith: {
    'service-stopped': 'nobody listens: it is refused before TLS begins',
    'service-hung': 'it connects, and the handshake does not end; here it ends at once with a reason',
    'http-errors': 'a status comes back: the handshake was well',
  },
  recovery: [
    'a client that trusts the root alone is answered',
    'openssl s_client says "Verify return code: 0 (ok)"',
  ],
});
