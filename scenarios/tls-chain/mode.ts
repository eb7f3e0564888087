import { defineMode } from '../../source/diagnosis/define-mode.js';
import { supports } from '../../source/diagnosis/evidence.js';
import { aroundListener, aroundWorkloads } from '../../source/diagnosis/facts/blast-radius.js';
import {
  isStillRefused,
  type RefusedCertificate,
  refusedCertificates,
  type ValidCertificate,
  validCertificates,
} from '../../source/diagnosis/facts/certificates.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { names } from '../../source/diagnosis/facts/http.js';
import { renewFix, tlsFix } from '../../source/diagnosis/facts/tls-fixes.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** A server is reached and speaks TLS, and its clients do not accept the certificate that it shows; or soon will not. */
export const mode = defineMode({
  id: 'tls-chain',
  aliases: ['tls-expired', 'tls-certificate', 'cert-expired', 'cert-chain', 'cert-name'],
  called: 'a certificate',
  scope: 'listener',
  inputs: ['http'],
  forMs: 0,
  keepMs: 2_000,
  minSamples: THRESHOLDS.refusals.value,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors'],
  rivals: ['service-stopped', 'service-hung', 'http-errors'],
  detect: (history) => [
    ...refusedCertificates(history, THRESHOLDS.refusals).map((one) => refused(history, one)),
    ...validCertificates(history)
      .filter(({ daysLeft }) => daysLeft < THRESHOLDS.daysLeft.clear)
      .map(ending),
  ],
  clears(history) {
    const [first] = validCertificates(history);
    if (first === undefined || refusedCertificates(history, THRESHOLDS.refusals).length > 0) return undefined;
    return `every certificate is accepted, the first ends in ${plural(Math.floor(first.daysLeft), 'day')}`;
  },
  persists: (history, { id }) => isStillRefused(history, id, THRESHOLDS.refusals),
});

const LATER: readonly Fix[] = [
  later('have renewal write the whole chain to one file, and the server load that file', 'whole-chain'),
  later('after each renewal a request that trusts the root alone; an alert 14 days before the end'),
];

function refused(history: History, one: RefusedCertificate): Candidate {
  const { address, service, where, views, failure, refusals, since } = one;
  const [first] = views;
  const { connect } = first.sample.phases;
  const because = `connected${connect === null ? '' : ` in ${duration(connect)}`}, and it shows a certificate`;
  return {
    subject: { kind: 'listener', id: address },
    target: `clients → ${where}`,
    raise: true,
    samples: refusals,
    title: `TLS at ${where} fails with ${failure.short ?? 'a certificate that is not accepted'}`,
    severity: one.metByAll ? 'critical' : 'warning',
    evidence: [
      supports(THRESHOLDS.refusals, {
        signal: `http.tls{${first.target}}`,
        reading: refusals,
        value: `${failure.text}; ${plural(refusals, 'handshake')}`,
      }),
    ],
    ruledOut: [
      { id: 'service-stopped', because },
      { id: 'service-hung', because },
    ],
    fix: [tlsFix(failure, address, first.sample.url), ...LATER],
    explanation: [`${names(views)}: ${failure.text}`],
    since,
    radius: [...aroundListener(history, address), ...(service ? aroundWorkloads(history, [service]) : [])],
  };
}

function ending({ address, where, target, daysLeft, shareLeft }: ValidCertificate): Candidate {
  const { daysLeft: days, shareLeft: share } = THRESHOLDS;
  const soon = daysLeft < days.warning && shareLeft < share.warning;
  const left = daysLeft < 2 ? duration(daysLeft * 86_400_000) : `${Math.floor(daysLeft)} days`;
  return {
    subject: { kind: 'listener', id: address },
    target: `clients → ${where}`,
    raise: daysLeft < days.raise && shareLeft < share.raise,
    clear: daysLeft >= days.clear || shareLeft >= share.clear,
    title: `The certificate of ${where} ends in ${left}`,
    severity: soon ? 'warning' : 'notice',
    evidence: [
      supports(days, {
        signal: `http.certificateDays{${target}}`,
        reading: daysLeft,
        value: `${left}, ${Math.round(100 * shareLeft)} % of its time`,
        threshold: `${days.raise} days, ${100 * share.raise} %`,
      }),
    ],
    fix: [renewFix(address), ...LATER],
    explanation: [`${target}: its certificate, or one above it, ends in ${left}`],
    since: null,
    radius: [],
  };
}
