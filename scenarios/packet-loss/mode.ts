import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather } from '../../source/diagnosis/evidence.js';
import { isVisitor } from '../../source/diagnosis/facts/links.js';
import {
  type LossyEnd,
  lossyEndLines,
  lossyEnds,
  nobodyResends,
} from '../../source/diagnosis/facts/lossy-ends.js';
import {
  arrivesText,
  type LossyLinkEnd,
  lossTitle,
  lossyLinkEnds,
  lossyLinkLines,
  tellsLoss,
} from '../../source/diagnosis/facts/lossy-links.js';
import { lossOnLinkRows, lossyEndRows } from '../../source/diagnosis/facts/packet-rows.js';
import { linkEnd, whereText, workloadEnd } from '../../source/diagnosis/facts/sick-ends.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { notLate, packetsFinding } from '../packets-finding.js';
import { THRESHOLDS } from './thresholds.js';

/** A share of the packets to or from one container never arrives; the kernels send them again. */
export const mode = defineMode({
  id: 'packet-loss',
  called: 'lost packets',
  scope: 'workload',
  inputs: [['inside', 'sockets']],
  forMs: 2000,
  keepMs: 15_000,
  minSamples: THRESHOLDS.leastReadings.value,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-hung', 'database-down', 'retransmission'],
  rivals: ['database-down', 'resolver-dead', 'name-missing', 'service-stopped'],
  detect(history) {
    const seen = lossyLinkEnds(history, THRESHOLDS).map((end) => onLinks(history, end));
    const named = new Set(seen.map(({ subject }) => subject.id));
    // Where edges tell, they tell better than the counters of a whole network.
    const counted = lossyEnds(history, THRESHOLDS).filter(
      (end) =>
        !named.has(end.name) && !end.resenders.every(({ name }) => tellsLoss(history, name, THRESHOLDS)),
    );
    return [...seen, ...counted.map((end) => byCounters(history, end))];
  },
  clears(history) {
    const none = nobodyResends(history, THRESHOLDS) && lossyLinkEnds(history, THRESHOLDS).length === 0;
    return none ? 'no container sends segments again' : undefined;
  },
});

/** By what a container's own kernel sends again, and the connections that we try. */
function byCounters(history: History, end: LossyEnd): Candidate {
  const { name, overflows } = end;
  const { percent } = end.resenders[0];
  const { least, connected, made } = end.attempts;
  const place = workloadEnd(history, name, end.others, end.since);
  const hasRoom = overflows !== undefined && overflows < THRESHOLDS.listenOverflows.value;
  const own = {
    name,
    raise: end.sure,
    clear: end.over,
    title: `Packet loss at ${name}: ${Math.round(percent)} % retransmitted`,
    severity: percent > THRESHOLDS.retransmitted.critical ? 'critical' : 'warning',
    evidence: lossyEndRows(end, THRESHOLDS),
    ruledOut: gather<Rival>(
      notLate(least, 'connects'),
      connected > 0 && { id: 'partition', because: `${connected} of ${made} connections come about` },
      hasRoom && { id: 'listen-overflow', because: 'no listener dropped a connection' },
    ),
    explanation: lossyEndLines(history, end, place.radius ?? []),
  } as const;
  return packetsFinding(history, place, 'loses', own, THRESHOLDS.slowTarget);
}

/** By what each connection had to send again: on any host. */
function onLinks(history: History, end: LossyLinkEnd): Candidate {
  const { name, byLoss } = end;
  const [worst] = byLoss;
  const { lostOnEdge, outOfOrder, severalVisitors } = THRESHOLDS;
  const bound = worst.gaps ? outOfOrder : lostOnEdge;
  // One visitor far away has a bad way of his own; of several the way is shared.
  const isTheirs = byLoss.every(isVisitor) && byLoss.length < severalVisitors.value;
  const own = {
    name,
    raise: true,
    clear: worst.percent < worst.clear,
    title: `Packet loss ${whereText(history, name, worst, 'at')}: ${lossTitle(end)}`,
    severity: isTheirs ? 'notice' : worst.percent > bound.critical ? 'critical' : 'warning',
    evidence: lossOnLinkRows(byLoss, bound, THRESHOLDS),
    ruledOut: gather<Rival>(notLate(end.leastMs, 'is there and back'), {
      id: 'partition',
      because: arrivesText(end),
    }),
    explanation: lossyLinkLines(end),
  } as const;
  return packetsFinding(history, linkEnd(history, name, byLoss), 'loses', own, THRESHOLDS.slowTarget);
}
