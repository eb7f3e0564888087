import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { type Connection, connections, neededOf, peersOf } from '../../source/diagnosis/facts/connections.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { packetsFix } from '../../source/diagnosis/facts/packets-fix.js';
import { readSince } from '../../source/diagnosis/facts/read-since.js';
import { slowTargetRow } from '../../source/diagnosis/facts/rows.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import { type EndPlace, workloadEnd } from '../../source/diagnosis/facts/sick-ends.js';
import {
  isOneRoundTrip,
  isStillSlow,
  type SlowEnd,
  slowEnds,
} from '../../source/diagnosis/facts/slow-ends.js';
import { slowerText, slowestTarget } from '../../source/diagnosis/facts/slow-targets.js';
import { newest } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { BEAR_LATE_PACKETS } from '../common-fixes.js';
import { noCpuLimit } from '../common-rivals.js';
import { elsewhereRow, onLinks } from './on-links.js';
import { THRESHOLDS } from './thresholds.js';

/** Every packet to or from one container is late, and none is lost. */
export const mode = defineMode({
  id: 'latency',
  called: 'a delay',
  scope: 'workload',
  inputs: [['matrix', 'inside', 'sockets']],
  forMs: 2000,
  keepMs: 8000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-hung', 'database-down', 'retransmission', 'packet-loss'],
  rivals: ['resolver-dead', 'name-missing', 'resolver-saturation', 'service-stopped', 'service-hung'],
  detect(history) {
    const tried = slowEnds(history, THRESHOLDS).map((end) => candidate(history, end));
    const named = new Set(tried.filter(({ raise }) => raise).map(({ subject }) => subject.id));
    // Where attempts of our own tell it already, they say more: when it began, and how even it is.
    const seen = onLinks(history).filter(({ subject }) => !named.has(subject.id));
    const ids = new Set(seen.map(({ subject }) => subject.id));
    return [...tried.filter(({ subject }) => !ids.has(subject.id)), ...seen];
  },
  persists: (history, { id }) => isStillSlow(history, id, THRESHOLDS),
  clears(history) {
    const times = connections(history).map(({ cell }) => (cell.outcome === 'connected' ? cell.ms : null));
    const slowest = Math.max(...times.map((ms) => ms ?? Number.POSITIVE_INFINITY));
    if (times.length === 0 || slowest > THRESHOLDS.slowConnect.value) return undefined;
    return `every connection between containers takes ${duration(slowest)} or less`;
  },
});

function candidate(history: History, end: SlowEnd): Candidate {
  const lost = end.resent !== undefined && end.resent.newest > THRESHOLDS.lossFrom.value;
  const place = workloadEnd(history, end.name, peersOf(end.connections, end.name), end.since);
  return {
    ...place,
    raise: end.sure && !lost,
    title: `Delay on connections to ${end.name}: ${duration(end.now)} (usually ${duration(end.usual)})`,
    severity: 'critical',
    evidence: evidenceOf(history, end, place),
    ruledOut: rivals(history, end, place),
    fix: [packetsFix(history, end.name, 'delays'), ...BEAR_LATE_PACKETS],
    explanation: explanation(history, end, place),
  };
}

/** What speaks for and against a delay on a container's connections, each with its figure. */
const evidenceOf = (history: History, end: SlowEnd, place: EndPlace): WeightedEvidence[] =>
  gather(
    connect(history, end),
    evenness(end),
    elsewhereRow('matrix.ms', end.name, end.others),
    resent(end),
    throttled(history, end),
    slowTargetRow(history, place, THRESHOLDS.slowTarget),
  );

const signalOf = (one: Connection | undefined): string =>
  one ? `matrix.ms{${one.cell.source}→${one.cell.target}}` : 'matrix.ms';

function connect(history: History, end: SlowEnd): WeightedEvidence {
  const { slowConnect, timesItsBest } = THRESHOLDS;
  const limit = Math.max(slowConnect.value, timesItsBest.value * end.usual);
  return supports(slowConnect, {
    signal: signalOf(neededOf(end.connections)[0]),
    reading: end.now,
    value: `${peersText(history, end)} ↔ ${end.name}: a connection takes ${duration(end.now)}, it took ${duration(end.usual)}`,
    threshold: `${duration(limit)}, ${timesItsBest.value} × its best`,
  });
}

function evenness({ connections, spread, sure }: SlowEnd): WeightedEvidence | undefined {
  if (connections.length < 2 || !sure) return undefined;
  return supports(THRESHOLDS.spread, {
    signal: 'matrix.ms',
    reading: spread,
    value: `${plural(connections.length, 'connection')} lie within ${duration(spread)} of each other`,
    threshold: `${duration(THRESHOLDS.spread.value)}, or ${100 * THRESHOLDS.spreadShare.value} % of it`,
  });
}

function resent({ resent: worst }: SlowEnd): WeightedEvidence {
  const { retransmitted, retransmittedSome, lossFrom } = THRESHOLDS;
  if (!worst)
    return missing(
      'kernel.retransPercent',
      'counters of the containers were not read',
      'segments sent again',
    );
  const row = {
    signal: `kernel.retransPercent{${worst.name}}`,
    reading: worst.percent,
    value: `${worst.percent.toFixed(1)} % of ${Math.round(worst.sent)} segments sent again`,
  };
  const lost = worst.percent > lossFrom.value;
  const some = !lost && worst.percent > retransmitted.value;
  return weigh(!lost, some ? retransmittedSome : retransmitted, row);
}

function throttled(history: History, { name }: SlowEnd): WeightedEvidence | undefined {
  const against = THRESHOLDS.throttled;
  const signal = `service.throttled{${name}}`;
  const share = newest(history, signal, against.windowMs);
  if (share === undefined) return undefined;
  const row = { signal, reading: share, value: `${Math.round(share)} % of periods` };
  return weigh(share < against.value, against, row);
}

const peersText = (history: History, { name, connections: its }: SlowEnd): string =>
  whoText(history, peersOf(its, name));

function rivals(history: History, end: SlowEnd, { radius = [] }: EndPlace): Rival[] {
  const resent = end.resent?.percent;
  const none = resent !== undefined && resent <= THRESHOLDS.retransmitted.value;
  const asked = database(readSince(history, end.since));
  const isHere = asked !== undefined && radius.includes(placeOf(asked.address));
  const ms = isHere && asked.failure === null ? asked.selectOneMs : null;
  return gather<Rival>(
    none && {
      id: 'packet-loss',
      because: `${resent.toFixed(1)} % sent again, and no connection takes 1 s or 3 s`,
    },
    noCpuLimit(history, end.name, end.since),
    typeof ms === 'number' && {
      id: 'database-down',
      title: 'a slow database',
      because: `SELECT 1 in ${duration(ms)}${isOneRoundTrip(ms, end, THRESHOLDS) ? ': that is the round trip' : ''}`,
    },
  );
}

function explanation(history: History, end: SlowEnd, { radius = [] }: EndPlace): string[] {
  const added = end.now - end.usual;
  const slow = added > 0 ? slowestTarget(history, end.since, radius) : undefined;
  const trips = slow ? Math.round((slow.now - slow.usual) / added) : 0;
  return gather(
    `from ${peersText(history, end)}: ${duration(end.now)} to connect where ${duration(end.usual)} is usual, before a word is said`,
    slow && `${slowerText(slow)}${trips > 1 ? `, ${trips} round trips` : ''}`,
    end.others.count > 0 && `what does not touch ${end.name} connects in ${duration(end.others.ms)}`,
  );
}
