import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkload, outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { type CutClient, cutClients } from '../../source/diagnosis/facts/cut-on-reuse.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { targets } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { type RequestShare, requestShare } from '../../source/diagnosis/facts/request-share.js';
import { logRow } from '../../source/diagnosis/facts/rows.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { meet, placeOf } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { LogMatch } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { logLines } from '../common-thresholds.js';

const THRESHOLDS = {
  cut: {
    unit: 'connections',
    value: 3,
    windowMs: 60_000,
    weight: 0.2,
    source: 'our choice: one or two may be a server that was started anew',
  },
  looks: {
    unit: 'looks',
    value: 2,
    source: 'our choice: what dies all at once dies with its server, or with its way',
  },
  lately: { unit: 'ms', value: 30_000, source: 'our choice: three times the slowest look at connections' },
  reset: {
    unit: 'connections',
    value: 3,
    weight: 0.15,
    source:
      'RFC 9112, 9.5: a client has to expect a close at any time; RFC 9293: data to a closed socket is reset',
  },
  newFail: {
    unit: 'connections',
    value: 0,
    weight: 0.1,
    source: 'seed of this mode: the server is well, new connections never fail',
  },
  lost: {
    unit: 'requests',
    value: 2,
    weight: 0.1,
    source:
      'our choice: one failure may be another one; 502 is what RFC 9110 has for a bad answer from behind',
  },
  logged: logLines(
    0.1,
    'nginx, Node, Go, Python: how each words a connection that was closed under a request',
  ),
} as const satisfies Thresholds;

/** What clients get of it: no whole answer, or RFC 9110's status for an invalid answer from behind. */
const LOST_STATUSES: readonly number[] = [0, 502];

/** A server closes connections as idle while its client still uses them. */
export const mode = defineMode({
  id: 'keepalive-race',
  called: 'a race between two idle limits',
  scope: 'connection',
  inputs: [['sockets', 'inside']],
  forMs: 0,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'retransmission'],
  rivals: ['service-stopped', 'service-hung', 'container-kill'],
  detect: (history) =>
    cutClients(history, THRESHOLDS.cut.windowMs)
      .filter(({ count }) => count >= THRESHOLDS.cut.value)
      .map((cut) => candidate(history, cut)),
  clears: (history) =>
    cutClients(history, THRESHOLDS.cut.windowMs).length > 0
      ? undefined
      : 'no kept connection ended as it was used again',
});

/** A target that requests are lost at. */
interface Felt {
  readonly target: string;
  readonly share: RequestShare;
}

function candidate(history: History, cut: CutClient): Candidate {
  const { who, server, owner, count, byReset, idleMs, since, address } = cut;
  const radius = [
    ...(owner !== null && serviceOf(history, owner)
      ? aroundWorkload(history, owner)
      : outsideContainers(history)),
    placeOf(address),
  ];
  const felt = feltAt(history, radius);
  const [lines] = logged(history, 'connection-reset').filter(
    ({ service }) => owner === null || service === owner,
  );
  const isSure = byReset >= THRESHOLDS.reset.value || (felt.length > 0 && !cut.saysGoodbye);
  const client = who === '' ? 'a client of this host' : who;
  return {
    subject: { kind: 'connection', id: `${client} → ${server}` },
    target: `${client} → ${server}`,
    raise: isSure && isLasting(history, cut) && cut.failed === 0,
    title: `${server} closes idle connections that ${client} still uses: ${count} cut off when used again`,
    severity: felt.length > 0 || lines ? 'warning' : 'notice',
    evidence: evidenceOf(cut, felt, lines),
    fix: [
      now(`let ${client} drop idle connections sooner than ${server} does: before ${duration(idleMs.least)}`),
      later(`or let ${server} keep them for longer than ${client} does, by some seconds`),
      later('one more try on a new connection, for requests that may be sent twice'),
    ],
    explanation: [
      `${server} closed ${plural(count, 'connection')} of ${client} right when ${count === 1 ? 'it was' : 'they were'} used again, after ${silenceText(cut)} without data`,
      'what was sent then is lost: the request never came to the server',
    ],
    since,
    radius,
  };
}

/** More than one burst, and not over yet. */
const isLasting = (history: History, { looks, edge }: CutClient): boolean =>
  looks >= THRESHOLDS.looks.value &&
  history.newest(`edge.cut${edge.label}`, THRESHOLDS.lately.value) !== undefined;

/** Targets within its reach of which some requests are lost, and others answered. */
const feltAt = (history: History, radius: readonly string[]): Felt[] =>
  targets(history)
    .filter(({ address }) => meet([placeOf(address)], radius))
    .flatMap(({ target }) => {
      const share = requestShare(history, target, THRESHOLDS.cut.windowMs);
      const isLost = share?.statuses.some((status) => LOST_STATUSES.includes(status));
      return share && isLost && share.failed >= THRESHOLDS.lost.value && share.failed < share.of
        ? [{ target, share }]
        : [];
    });

const silenceText = ({ idleMs: { least, most } }: CutClient): string =>
  least === most ? duration(least) : `${duration(least)} to ${duration(most)}`;

function evidenceOf(cut: CutClient, felt: readonly Felt[], lines: LogMatch | undefined): WeightedEvidence[] {
  const { edge, count, byReset, opened } = cut;
  const signal = `edge.cut${edge.label}`;
  return gather(
    supports(THRESHOLDS.cut, {
      signal,
      reading: count,
      value: `${plural(count, 'kept connection')} ended as they were used again, after ${silenceText(cut)} of silence`,
    }),
    byReset > 0 &&
      supports(THRESHOLDS.reset, {
        signal: `edge.cutByReset${edge.label}`,
        reading: byReset,
        value: `${byReset} of them without an orderly end, as by a reset`,
      }),
    supports(THRESHOLDS.newFail, {
      signal: `edge.opened${edge.label}`,
      reading: 0,
      value: `${plural(opened, 'new connection')} came about meanwhile, none failed`,
    }),
    ...felt.slice(0, 3).map(({ target, share }) =>
      supports(THRESHOLDS.lost, {
        signal: `http.requests{${target}}`,
        reading: share.failed,
        value: `${target}: ${share.failed} of ${share.of} requests lost`,
      }),
    ),
    lines && supports(THRESHOLDS.logged, logRow(lines, 'none')),
  );
}
