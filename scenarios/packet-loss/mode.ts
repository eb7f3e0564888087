import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { insides } from '../../source/diagnosis/facts/inside.js';
import {
  type LossyEnd,
  lossyEnds,
  onlyFullListeners,
  resenders,
} from '../../source/diagnosis/facts/lossy-ends.js';
import { lossyLinkEnds, tellsLoss } from '../../source/diagnosis/facts/lossy-links.js';
import { packetsFix } from '../../source/diagnosis/facts/packets-fix.js';
import { slowTargetRow } from '../../source/diagnosis/facts/rows.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import { type EndPlace, workloadEnd } from '../../source/diagnosis/facts/sick-ends.js';
import { slowerText, slowestTarget } from '../../source/diagnosis/facts/slow-targets.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { BEAR_LOST_PACKETS } from '../common-fixes.js';
import { noCpuLimit } from '../common-rivals.js';
import { onLinks } from './on-links.js';
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
    const seen = onLinks(history);
    const named = new Set(seen.map(({ subject }) => subject.id));
    // Where edges tell, they tell better than the counters of a whole network.
    const counted = lossyEnds(history, THRESHOLDS).filter(
      (end) =>
        !named.has(end.name) && !end.resenders.every(({ name }) => tellsLoss(history, name, THRESHOLDS)),
    );
    return [...seen, ...counted.map((end) => candidate(history, end))];
  },
  clears(history) {
    if (insides(history).length === 0 || resenders(history, THRESHOLDS).length > 0) return undefined;
    if (lossyLinkEnds(history, THRESHOLDS).length > 0) return undefined;
    return 'no container sends segments again';
  },
});

function candidate(history: History, end: LossyEnd): Candidate {
  const [worst] = end.resenders;
  const sent = end.resenders.reduce((sum, one) => sum + one.sent, 0);
  const others = end.resenders.map(({ name }) => name).filter((name) => name !== end.name);
  const place = workloadEnd(history, end.name, others, end.since);
  return {
    ...place,
    raise:
      end.through &&
      sent >= THRESHOLDS.leastSegments.value &&
      isMuch(end) &&
      !onlyFullListeners(end, THRESHOLDS),
    clear: isLittle(end),
    title: `Packet loss at ${end.name}: ${Math.round(worst.percent)} % retransmitted`,
    severity: worst.percent > THRESHOLDS.retransmitted.critical ? 'critical' : 'warning',
    evidence: evidenceOf(history, end, place),
    ruledOut: rivals(history, end),
    fix: [packetsFix(history, end.name, 'loses'), ...BEAR_LOST_PACKETS],
    explanation: explanation(history, end, others, place),
  };
}

/** What speaks for and against lost packets, each with its figure. */
const evidenceOf = (history: History, end: LossyEnd, place: EndPlace): WeightedEvidence[] =>
  gather(
    ...end.resenders.slice(0, 3).map(resent),
    firstPackets(end),
    through(end),
    overflows(end),
    slowTargetRow(history, place, THRESHOLDS.slowTarget),
  );

function resent(one: LossyEnd['resenders'][number], place: number): WeightedEvidence {
  const against = place === 0 ? THRESHOLDS.retransmitted : THRESHOLDS.retransmittedBeside;
  const enough = one.sent >= THRESHOLDS.leastSegments.value;
  const seconds = THRESHOLDS.retransmitted.windowMs / 1000;
  return supports(against, {
    signal: `kernel.retransPercent{${one.name}}`,
    reading: one.percent,
    value: `${one.percent.toFixed(1)} % of ${Math.round(one.sent)} segments sent again in ${seconds} s`,
    weight: enough ? against.weight : against.weight / 2,
  });
}

function firstPackets({ attempts, name }: LossyEnd): WeightedEvidence | undefined {
  const { made, hurt, least, slowest } = attempts;
  if (made === 0) return missing('matrix.ms', 'no connection was tried', 'how long connections take');
  const late = THRESHOLDS.lateConnect;
  if (hurt === 0) return undefined;
  const quick = least === undefined ? 'none' : duration(least);
  const slow =
    slowest !== undefined && slowest >= late.value ? `, others ${duration(slowest)}` : ', others never';
  return supports(late, {
    signal: 'matrix.ms',
    reading: slowest,
    value: `${hurt} of ${made} connections with ${name} lost their first packet: some take ${quick}${slow}`,
    threshold: duration(late.value),
  });
}

function through({ attempts, name }: LossyEnd): WeightedEvidence | undefined {
  const { made, connected } = attempts;
  if (made === 0) return undefined;
  return weigh(connected > 0, THRESHOLDS.connectsAtAll, {
    signal: 'matrix.ok',
    reading: connected,
    value: `${connected} of ${made} connections with ${name} come about`,
  });
}

function overflows({ overflows: count }: LossyEnd): WeightedEvidence | undefined {
  if (count === undefined) return undefined;
  return weigh(count < THRESHOLDS.listenOverflows.value, THRESHOLDS.listenOverflows, {
    signal: 'kernel.TcpExt.ListenOverflows',
    reading: count,
    value: `${Math.round(count)} dropped by full listeners`,
  });
}

/** Whether so much is sent again, or so many connections show it, that nothing else explains it. */
const isMuch = ({ resenders: [worst], rounds }: LossyEnd): boolean =>
  worst.percent >= THRESHOLDS.lossByItself.raise || rounds >= THRESHOLDS.lateConnectRounds.value;

/** Whether it is no more than a busy machine makes, with room to spare. */
const isLittle = ({ resenders: [worst], roundsLately }: LossyEnd): boolean =>
  worst.percent < THRESHOLDS.lossByItself.clear && roundsLately === 0;

function rivals(history: History, end: LossyEnd): Rival[] {
  const { least, connected, made } = end.attempts;
  const { noDelay, listenOverflows } = THRESHOLDS;
  const quick = least !== undefined && least < noDelay.value;
  const room = end.overflows !== undefined && end.overflows < listenOverflows.value;
  return gather<Rival>(
    quick && { id: 'latency', because: `what is not lost connects in ${duration(least)}` },
    connected > 0 && { id: 'partition', because: `${connected} of ${made} connections come about` },
    room && { id: 'listen-overflow', because: 'no listener dropped a connection' },
    noCpuLimit(history, end.name, end.since),
  );
}

function explanation(history: History, end: LossyEnd, others: readonly string[], at: EndPlace): string[] {
  const { least, slowest, made, hurt } = end.attempts;
  const slow = slowestTarget(history, end.since, at.radius ?? []);
  return gather(
    ...end.resenders
      .slice(0, 2)
      .map((one) => `${one.name} sends ${one.percent.toFixed(1)} % of its segments again`),
    hurt > 0 &&
      least !== undefined &&
      `${hurt} of ${made} connections with ${end.name} lost their first packet: ${duration(least)} or ${duration(slowest ?? least)}, nothing between`,
    slow && slowerText(slow),
    others.length > 0 && `who else sends again talks with ${end.name}: ${whoText(history, others)}`,
  ).slice(0, 4);
}
