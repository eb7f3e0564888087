import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundClients } from '../../source/diagnosis/facts/blast-radius.js';
import { type CutClient, cutClients, silenceText } from '../../source/diagnosis/facts/cut-on-reuse.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { type LostRequests, lostRequests } from '../../source/diagnosis/facts/lost-requests.js';
import { logRow } from '../../source/diagnosis/facts/rows.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { LogMatch } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { logLines } from '../common-thresholds.js';
import { resetBetween } from '../forgotten-idle.js';

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
  lately: { unit: 'ms', value: 20_000, source: 'our choice: twice the slowest look at connections' },
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
    windowMs: 60_000,
    weight: 0.1,
    source:
      'our choice: one failure may be another one; 502 is what RFC 9110 has for a bad answer from behind',
  },
  logged: logLines(
    0.1,
    'nginx, Node, Go, Python: how each words a connection that was closed under a request',
  ),
} as const satisfies Thresholds;

/** A server closes connections as idle while its client still uses them. */
export const mode = defineMode({
  id: 'keepalive-race',
  called: 'a race between two idle limits',
  scope: 'connection',
  inputs: [['sockets', 'inside']],
  forMs: 0,
  keepMs: 10_000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'retransmission'],
  rivals: ['service-stopped', 'service-hung', 'container-kill'],
  detect: (history) =>
    cutClients(history, THRESHOLDS.cut)
      .filter(([cut]) => !resetBetween(history, cut))
      .map((its) => candidate(history, its)),
  clears: (history) =>
    cutClients(history, { ...THRESHOLDS.cut, value: 1 }).length > 0
      ? undefined
      : 'no kept connection ended as it was used again',
});

function candidate(history: History, its: readonly [CutClient, ...CutClient[]]): Candidate {
  const [cut, ...others] = its;
  const { who, server, owner, count, byReset, looks, idleMs, since, address } = cut;
  const known = owner !== null && serviceOf(history, owner) ? owner : null;
  const radius = [...aroundClients(history, [known]), placeOf(address)];
  const felt = lostRequests(history, radius, THRESHOLDS.lost);
  const [lines] = logged(history, 'connection-reset').filter(
    ({ service }) => owner === null || service === owner,
  );
  const isSure = byReset >= THRESHOLDS.reset.value || (felt.length > 0 && !cut.saysGoodbye);
  const isRecent = history.now - cut.lastAt <= THRESHOLDS.lately.value;
  return {
    subject: { kind: 'connection', id: `kept by ${owner ?? 'this host'}` },
    target: `${who} → ${server}`,
    raise: isSure && isRecent && looks >= THRESHOLDS.looks.value && cut.failed === 0,
    clear: !isRecent,
    title: `${server} closes idle connections that ${who} still uses: ${count} cut off as they were used again`,
    severity: felt.length > 0 || lines ? 'warning' : 'notice',
    evidence: evidenceOf(cut, felt, lines),
    fix: [
      now(`let ${who} drop idle connections sooner than ${server} does: before ${duration(idleMs.least)}`),
      later(`or let ${server} keep them for longer than ${who} does, by some seconds`),
      later('one more try on a new connection, for requests that may be sent twice'),
    ],
    explanation: [
      `${server} closed ${plural(count, 'connection')} of ${who} right when ${count === 1 ? 'it was' : 'they were'} used again, after ${silenceText(cut)} without data`,
      'what was sent then is lost: the request never came to the server',
      ...others.slice(0, 3).map((other) => `so did ${other.server}: ${plural(other.count, 'connection')}`),
    ],
    since,
    radius,
  };
}

function evidenceOf(
  cut: CutClient,
  felt: readonly LostRequests[],
  lines: LogMatch | undefined,
): WeightedEvidence[] {
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
