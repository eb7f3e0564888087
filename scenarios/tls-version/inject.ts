import { causedByParts } from '../parts-cause.js';
import { HOSTS, IN_DATE, secureParts, sentPem } from '../secure-parts.js';

/** A server of old that its clients, upgraded since, have no version in common with. */
export const causes = causedByParts({
  describe:
    'brings payments, an HTTPS server that speaks nothing newer than TLS 1.1, and checkout, a client from TLS 1.2 on',
  parts: secureParts(
    (trusted) => {
      const whole = sentPem(trusted.issue(HOSTS, IN_DATE), trusted.middle);
      return { PART_CERTIFICATE: whole, PART_WHOLE: whole, PART_MAX_VERSION: 'TLSv1.1' };
    },
    {
      id: 'tls-versions',
      title: 'payments: TLS 1.2 and 1.3',
      explains: 'the server speaks TLS 1.2 and 1.3: clients of today and of yesterday share one with it',
    },
  ),
});
