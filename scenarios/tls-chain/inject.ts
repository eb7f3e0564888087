import type { DockerCause } from '../failure-mode.js';
import { causedByParts } from '../parts-cause.js';
import { HOSTS, IN_DATE, newAuthority, secureParts, sentPem } from '../secure-parts.js';

/** Each way in which a rotation goes wrong: for whom and when what it left is valid, and how many certificates are sent. */
const FORMS = {
  incomplete: { says: 'its certificate without that of its issuer', hosts: HOSTS, days: IN_DATE, sent: 1 },
  expired: { says: 'a certificate that expired yesterday', hosts: HOSTS, days: [-91, -1], sent: 2 },
  'not-valid-yet': { says: 'a certificate that begins tomorrow', hosts: HOSTS, days: [1, 91], sent: 2 },
  'other-name': { says: 'the certificate of refunds.test', hosts: ['refunds.test'], days: IN_DATE, sent: 2 },
  'unknown-root': { says: 'a chain of a root that nobody trusts', hosts: HOSTS, days: IN_DATE, sent: 3 },
} as const;
type Form = keyof typeof FORMS;

const WHOLE_CHAIN = {
  id: 'whole-chain',
  title: 'payments: a renewed certificate with its chain',
  explains: 'renewal writes the whole chain to one file, and the server loads that file',
};

function caused(form: Form) {
  const { says, hosts, days, sent } = FORMS[form];
  return causedByParts({
    describe: `brings payments, an HTTPS server that sends ${says}, and checkout, a client of it`,
    parts: secureParts((trusted) => {
      const of = form === 'unknown-root' ? newAuthority('Another Root') : trusted;
      return {
        PART_CERTIFICATE: sentPem(of.issue(hosts, days), ...[of.middle, of.root].slice(0, sent - 1)),
        PART_WHOLE: sentPem(trusted.issue(HOSTS, IN_DATE), trusted.middle),
      };
    }, WHOLE_CHAIN),
  });
}

export const causes = {
  embedded: caused('incomplete').embedded,
  docker: (Object.keys(FORMS) as Form[]).flatMap((variant): DockerCause[] =>
    caused(variant).docker.map((cause) => ({ variant, ...cause })),
  ),
};
