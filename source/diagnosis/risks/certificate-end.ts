import { supports } from '../evidence.js';
import { validCertificates } from '../facts/certificates.js';
import { renewFix } from '../facts/tls-fixes.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind } from './risk-kind.js';

const THRESHOLDS = {
  daysLeft: {
    unit: 'days',
    value: 30,
    source: "Let's Encrypt: a certificate is to be renewed 30 days before its end",
  },
  shareLeft: {
    unit: 'share',
    value: 1 / 3,
    source: 'RFC 9773 and ACME clients: renewed once a third of its time is left',
  },
  found: {
    unit: 'days',
    value: 14,
    source: 'below that, and with a fifth of its time left, it is a finding and no risk any more',
  },
  foundShare: { unit: 'share', value: 0.2, source: 'see the days' },
} as const satisfies Thresholds;

/** A certificate that should have been renewed by now, and is valid still. */
export const certificateEnd: RiskKind = {
  id: 'certificate-end',
  thresholds: THRESHOLDS,
  find(history) {
    const { daysLeft: days, shareLeft: share, found, foundShare } = THRESHOLDS;
    return validCertificates(history)
      .filter(({ daysLeft, shareLeft }) => daysLeft < days.value && shareLeft < share.value)
      .filter(({ daysLeft, shareLeft }) => daysLeft >= found.value || shareLeft >= foundShare.value)
      .map(({ address, where, target, daysLeft, shareLeft }) => {
        const { text, command } = renewFix(address);
        return {
          subject: { kind: 'listener', id: address },
          title: `The certificate at ${where} is due for renewal: it ends in ${Math.floor(daysLeft)} days`,
          evidence: [
            supports(days, {
              signal: `http.certificateDays{${target}}`,
              reading: daysLeft,
              value: `${Math.floor(daysLeft)} days left, ${Math.round(100 * shareLeft)} % of its time`,
              threshold: `${days.value} days, a third of its time`,
            }),
          ],
          mend: { text, ...(command === undefined ? {} : { command }) },
        };
      });
  },
};
