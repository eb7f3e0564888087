import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { isVisitor } from '../../source/diagnosis/facts/links.js';
import {
  type LossyLink,
  type LossyLinkEnd,
  lossText,
  lossyLinkEnds,
} from '../../source/diagnosis/facts/lossy-links.js';
import { packetsFix } from '../../source/diagnosis/facts/packets-fix.js';
import { slowTargetRow } from '../../source/diagnosis/facts/rows.js';
import { type EndPlace, linkEnd, whereText } from '../../source/diagnosis/facts/sick-ends.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Severity } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { BEAR_LOST_PACKETS } from '../common-fixes.js';
import { noCpuLimit } from '../common-rivals.js';
import { THRESHOLDS } from './thresholds.js';

/** The places at which packets get lost, by what each connection had to send again: on any host. */
export const onLinks = (history: History): Candidate[] =>
  lossyLinkEnds(history, THRESHOLDS).map((end) => candidate(history, end));

function candidate(history: History, end: LossyLinkEnd): Candidate {
  const all = [...end.links].sort((a, b) => b.percent - a.percent) as [LossyLink, ...LossyLink[]];
  const [worst] = all;
  const { name } = end;
  const place = linkEnd(history, name, all);
  return {
    ...place,
    raise: true,
    clear: worst.percent < worst.clear,
    title: `Packet loss ${whereText(history, name, worst, 'at')}: ${percentText(worst)} ${worst.gaps ? 'arrives behind a gap' : 'retransmitted'}`,
    severity: severityOf(all, worst),
    evidence: evidenceOf(history, all, place),
    ruledOut: rivals(history, name, worst, place.since),
    fix: [packetsFix(history, name, 'loses'), ...BEAR_LOST_PACKETS],
    explanation: explanation(end, all),
  };
}

/** One visitor far away has a bad way of his own; of several the way is shared. */
function severityOf(all: readonly LossyLink[], worst: LossyLink): Severity {
  if (all.every(isVisitor) && all.length < THRESHOLDS.severalVisitors.value) return 'notice';
  return worst.percent > boundOf(worst).critical ? 'critical' : 'warning';
}

const boundOf = ({ gaps }: LossyLink): typeof THRESHOLDS.lostOnEdge | typeof THRESHOLDS.outOfOrder =>
  gaps ? THRESHOLDS.outOfOrder : THRESHOLDS.lostOnEdge;

const percentText = ({ percent }: LossyLink): string =>
  `${percent < 10 ? percent.toFixed(1).replace('.0', '') : Math.round(percent)} %`;

const evidenceOf = (history: History, all: readonly LossyLink[], place: EndPlace): WeightedEvidence[] =>
  gather(
    ...all.slice(0, 3).map((link, i) =>
      supports(i === 0 ? boundOf(link) : THRESHOLDS.lostBesideOnEdge, {
        signal: `edge.${link.gaps ? 'outOfOrder' : 'resent'}${link.worst.label}`,
        reading: link.percent,
        value: `${lossText(link)} in ${THRESHOLDS.lostOnEdge.windowMs / 1000} s`,
      }),
    ),
    slowTargetRow(history, place, THRESHOLDS.slowTarget),
  );

function rivals(history: History, name: string, worst: LossyLink, since: number | null): Rival[] {
  const least = worst.edges.flatMap(({ rttMs }) => rttMs ?? []).sort((a, b) => a - b)[0];
  const quick = least !== undefined && least < THRESHOLDS.noDelay.value;
  const through = worst.sent - worst.lost;
  return gather<Rival>(
    quick && {
      id: 'latency',
      because: `what is not lost is there and back in ${duration(Math.max(least, 0.1))}`,
    },
    {
      id: 'partition',
      because: worst.gaps
        ? `${worst.sent} data segments arrived`
        : `${through} of ${worst.sent} packets arrive at the first try`,
    },
    noCpuLimit(history, name, since),
  );
}

function explanation({ name, wellElsewhere }: LossyLinkEnd, all: readonly LossyLink[]): string[] {
  return gather(
    ...all.slice(0, 3).map(lossText),
    wellElsewhere > 0 && `what does not touch ${name} arrives`,
  ).slice(0, 4);
}
