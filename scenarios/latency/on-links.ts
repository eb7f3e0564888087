import { gather, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { flowOf } from '../../source/diagnosis/facts/edges.js';
import { packetsFix } from '../../source/diagnosis/facts/packets-fix.js';
import { slowTargetRow } from '../../source/diagnosis/facts/rows.js';
import { type EndPlace, linkEnd, whereText } from '../../source/diagnosis/facts/sick-ends.js';
import {
  ms,
  roundTripText,
  type SlowLinkEnd,
  slowLinkEnds,
  type TimedLink,
} from '../../source/diagnosis/facts/slow-links.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { BEAR_LATE_PACKETS } from '../common-fixes.js';
import { noCpuLimit } from '../common-rivals.js';
import { THRESHOLDS } from './thresholds.js';

/** The places whose packets are late, by the round trips that the kernel measures on each connection: on any host. */
export const onLinks = (history: History): Candidate[] =>
  slowLinkEnds(history, THRESHOLDS)
    .map((end) => candidate(history, end))
    .filter(({ raise }) => raise);

function candidate(history: History, end: SlowLinkEnd): Candidate {
  const { name, nowMs, links: its } = end;
  const [first] = its;
  const place = linkEnd(history, name, its);
  return {
    ...place,
    raise: lostPercent(history, first) <= THRESHOLDS.lossFrom.value,
    title: `Delay on connections ${whereText(history, name, first, 'to')}: ${ms(nowMs)} (${usualText(end)})`,
    severity: 'critical',
    evidence: evidenceOf(history, end, place),
    ruledOut: gather(noCpuLimit(history, name, place.since)),
    fix: [packetsFix(history, name, 'delays'), ...BEAR_LATE_PACKETS],
    explanation: explanation(end),
  };
}

function usualText({ bestMs, links: its }: SlowLinkEnd): string {
  const { nearRoundTrip } = THRESHOLDS;
  if (bestMs !== null && bestMs < nearRoundTrip.clear) return `usually ${ms(bestMs)}`;
  return its.some(({ near }) => near) ? 'both ends are on one machine or wire' : `it took ${ms(bestMs ?? 0)}`;
}

function evidenceOf(history: History, end: SlowLinkEnd, place: EndPlace): WeightedEvidence[] {
  const { links: its, wellElsewhere } = end;
  const [first] = its;
  const lost = lostPercent(history, first);
  const { nearRoundTrip, nearQueue, retransmitted } = THRESHOLDS;
  return gather(
    ...its.slice(0, 3).map((link, i) =>
      supports(link.queued ? nearQueue : nearRoundTrip, {
        signal: `edge.${link.queued ? 'rtt' : 'minRtt'}${link.timed.label}`,
        reading: link.nowMs,
        value: roundTripText(link),
        ...(link.near
          ? {}
          : { threshold: `${THRESHOLDS.timesOwnBest.value} × its best, ${ms(link.bestMs ?? 0)}` }),
        ...(i === 0 ? {} : { weight: 0.05 }),
      }),
    ),
    elsewhereRow('edge.minRtt', end.name, wellElsewhere),
    weigh(lost <= retransmitted.value, retransmitted, {
      signal: `edge.resent${first.timed.label}`,
      reading: lost,
      value: `${lost.toFixed(1)} % of data segments sent again`,
    }),
    slowTargetRow(history, place, THRESHOLDS.slowTarget),
  );
}

/** How long connections take that the slow end has no part in; undefined where there are none. */
export function elsewhereRow(
  signal: string,
  name: string,
  others: { readonly count: number; readonly ms: number },
): WeightedEvidence | undefined {
  const against = THRESHOLDS.quickElsewhere;
  if (others.count === 0) return undefined;
  const value = `${plural(others.count, 'other connection')} without ${name}: ${ms(others.ms)}`;
  return weigh(others.ms <= against.value, against, { signal, reading: others.ms, value });
}

/** What was sent again on a link lately, in percent; 0 where too little was sent to tell. */
const lostPercent = (history: History, { edges }: TimedLink): number =>
  Math.max(...edges.map((edge) => flowOf(history, edge, THRESHOLDS.retransmitted.windowMs).percent ?? 0));

function explanation({ name, links: its, wellElsewhere }: SlowLinkEnd): string[] {
  return gather(
    ...its.slice(0, 3).map(roundTripText),
    wellElsewhere.count > 0 && `what does not touch ${name} is there and back in ${ms(wellElsewhere.ms)}`,
  );
}
