import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather } from '../../source/diagnosis/evidence.js';
import { peersOf, slowestConnection } from '../../source/diagnosis/facts/connections.js';
import { slowEndRows, slowLinkRows } from '../../source/diagnosis/facts/packet-rows.js';
import { linkEnd, whereText, workloadEnd } from '../../source/diagnosis/facts/sick-ends.js';
import {
  databaseTripText,
  isStillSlow,
  type SlowEnd,
  slowEndLines,
  slowEnds,
} from '../../source/diagnosis/facts/slow-ends.js';
import {
  delayText,
  type SlowLinkEnd,
  slowLinkEnds,
  slowLinkLines,
} from '../../source/diagnosis/facts/slow-links.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { packetsFinding } from '../packets-finding.js';
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
    const tried = slowEnds(history, THRESHOLDS).map((end) => whereTried(history, end));
    const named = new Set(tried.filter(({ raise }) => raise).map(({ subject }) => subject.id));
    // Where attempts of our own tell it already, they say more: when it began, and how even it is.
    const seen = slowLinkEnds(history, THRESHOLDS)
      .map((end) => onLinks(history, end))
      .filter(({ raise, subject }) => raise && !named.has(subject.id));
    const ids = new Set(seen.map(({ subject }) => subject.id));
    return [...tried.filter(({ subject }) => !ids.has(subject.id)), ...seen];
  },
  persists: (history, { id }) => isStillSlow(history, id, THRESHOLDS),
  clears(history) {
    const slowest = slowestConnection(history);
    if (slowest === undefined || slowest > THRESHOLDS.slowConnect.value) return undefined;
    return `every connection between containers takes ${duration(slowest)} or less`;
  },
});

/** By the connections that we try ourselves. */
function whereTried(history: History, end: SlowEnd): Candidate {
  const { name, now, usual, sure, resent } = end;
  const { lossFrom, retransmitted } = THRESHOLDS;
  const place = workloadEnd(history, name, peersOf(end.connections, name), end.since);
  const { radius = [] } = place;
  const isLossless = resent !== undefined && resent.percent <= retransmitted.value;
  const trip = databaseTripText(history, end, radius);
  const own = {
    name,
    raise: sure && !(resent && resent.newest > lossFrom.value),
    title: `Delay on connections to ${name}: ${duration(now)} (usually ${duration(usual)})`,
    severity: 'critical',
    evidence: slowEndRows(history, end, THRESHOLDS),
    ruledOut: gather<Rival>(
      isLossless && {
        id: 'packet-loss',
        because: `${resent.percent.toFixed(1)} % sent again, and no connection takes 1 s or 3 s`,
      },
      trip !== undefined && { id: 'database-down', title: 'a slow database', because: trip },
    ),
    explanation: slowEndLines(history, end, radius),
  } as const;
  return packetsFinding(history, place, 'delays', own, THRESHOLDS.slowTarget);
}

/** By the round trips that the kernel measures on each connection: on any host. */
function onLinks(history: History, end: SlowLinkEnd): Candidate {
  const { name, links } = end;
  const own = {
    name,
    raise: end.resentPercent <= THRESHOLDS.lossFrom.value,
    title: `Delay on connections ${whereText(history, name, links[0], 'to')}: ${delayText(end, THRESHOLDS)}`,
    severity: 'critical',
    evidence: slowLinkRows(end, THRESHOLDS),
    ruledOut: [],
    explanation: slowLinkLines(end),
  } as const;
  return packetsFinding(history, linkEnd(history, name, links), 'delays', own, THRESHOLDS.slowTarget);
}
