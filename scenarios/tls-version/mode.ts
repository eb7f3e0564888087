import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports } from '../../source/diagnosis/evidence.js';
import { aroundListener, aroundWorkloads } from '../../source/diagnosis/facts/blast-radius.js';
import {
  isStillRefused,
  type RefusedCertificate,
  unsharedVersions,
  validCertificates,
} from '../../source/diagnosis/facts/certificates.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { names } from '../../source/diagnosis/facts/http.js';
import { tlsFix } from '../../source/diagnosis/facts/tls-fixes.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';

const THRESHOLDS = {
  refusals: {
    unit: 'handshakes',
    value: 2,
    windowMs: 20_000,
    weight: 0.3,
    source: 'our choice: a server that is just being started anew may fail one',
  },
  speaks: {
    unit: '',
    weight: 0.15,
    reads: 'TLS 1.2 or 1.3',
    source: 'RFC 8996: TLS 1.0 and 1.1 are no more; RFC 8446, 4.1.1: no common parameters end in an alert',
  },
} as const satisfies Thresholds;

/** Client and server are well each, and have no version or cipher of TLS in common. */
export const mode = defineMode({
  id: 'tls-version',
  aliases: ['tls-handshake'],
  called: 'TLS versions',
  scope: 'listener',
  inputs: ['http'],
  forMs: 0,
  keepMs: 2_000,
  minSamples: THRESHOLDS.refusals.value,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors'],
  rivals: ['tls-chain', 'service-stopped', 'service-hung'],
  detect: (history) => unsharedVersions(history, THRESHOLDS.refusals).map((one) => candidate(history, one)),
  clears(history) {
    const [first] = validCertificates(history);
    return first && `a handshake with ${first.where} came about`;
  },
  persists: (history, { id }) => isStillRefused(history, id, THRESHOLDS.refusals),
});

function candidate(history: History, one: RefusedCertificate): Candidate {
  const { address, service, where, views, failure, refusals, since } = one;
  const [first] = views;
  const { connect } = first.sample.phases;
  const because = `connected${connect === null ? '' : ` in ${duration(connect)}`}, and the handshake ended at once`;
  const { speaks } = failure;
  return {
    subject: { kind: 'listener', id: address },
    target: `clients → ${where}`,
    raise: true,
    samples: refusals,
    title: `No TLS version or cipher in common with ${where}${speaks ? `: it speaks ${speaks}` : ''}`,
    severity: 'critical',
    evidence: gather(
      supports(THRESHOLDS.refusals, {
        signal: `http.tls{${first.target}}`,
        reading: refusals,
        value: `${failure.text}; ${plural(refusals, 'handshake')}`,
      }),
      speaks !== undefined &&
        supports(THRESHOLDS.speaks, { signal: `http.tls{${first.target}}`, value: `it speaks ${speaks}` }),
    ),
    ruledOut: [
      { id: 'tls-chain', because: 'the handshake ended before a certificate was judged' },
      { id: 'service-stopped', because },
      { id: 'service-hung', because },
    ],
    fix: [
      tlsFix({ tls: 'version' }, address, first.sample.url),
      later('roll out TLS settings on one instance first, with a request to each dependency', 'tls-versions'),
    ],
    explanation: [`${names(views)}: ${failure.text}`],
    since,
    radius: [...aroundListener(history, address), ...(service ? aroundWorkloads(history, [service]) : [])],
  };
}
