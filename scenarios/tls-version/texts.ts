import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'tls-version',
  title: 'Client and server have no TLS version in common',
  summary:
    'After an upgrade or a change of settings one side takes only versions or ciphers of TLS that the other does not have: every handshake ends at once with an alert.',
  severity: 'critical',
  origin: 'Real-World Network Failure Scenarios, "The Deployment That Broke Everything"',
  alerts: [['TlsHandshakeFails', '2 handshakes in 20 s end without a version or cipher in common', '0s']],
  symptoms: [
    'from a deployment on every request to one dependency fails, and going back ends it',
    'the log says "alert protocol version" (70), "handshake_failure" (40) or "unsupported protocol"',
    'curl of the same host works, as it takes other versions than the application',
    'TCP connects at once; other dependencies are well',
  ],
  investigation: [
    [
      'Try each version',
      'for v in tls1_2 tls1_3; do echo $v; openssl s_client -connect <server>:443 -servername <name> -$v </dev/null 2>&1 | grep -E "alert|Cipher is"; done',
      'an alert for one and a cipher for the other; an alert for both: it is older, or wants something else',
    ],
    [
      'Try what is older',
      'openssl s_client -connect <server>:443 -servername <name> -tls1_1 -cipher DEFAULT@SECLEVEL=0 </dev/null 2>&1 | grep -E "alert|Cipher is"',
      'a cipher: it speaks nothing that clients of today take',
    ],
    [
      'Read what the client says',
      'docker logs --since 10m <app> 2>&1 | grep -iE "handshake|protocol|alert" | tail',
      'which side sent the alert: "received alert" is the other one',
    ],
  ],
  rootCause: [
    'an explicit setting that allows one version alone, new with the deployment',
    'a base image or runtime that takes TLS 1.0 and 1.1, or weak ciphers, no more, and a dependency that has nothing else',
  ],
  fix: ['allow a version that both have: 1.2 beside 1.3; go back to the last release until then'],
  prevention: [
    'name the lowest version that is allowed, and not one version alone',
    'a request to each dependency before a release takes traffic, by the runtime that it ships',
    'know which versions each dependency speaks, before a runtime is upgraded',
  ],
  confusedWith: {
    'tls-chain': 'the handshake comes as far as a certificate, and the client refuses that',
    'service-stopped': 'nobody listens: it is refused before TLS begins',
    'service-hung': 'the handshake does not end; here an alert ends it at once',
  },
  recovery: ['handshakes by TLS 1.2 and by 1.3 come about, as the server is meant to speak them'],
});
