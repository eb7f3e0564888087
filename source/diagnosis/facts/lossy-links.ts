import { type EdgeSignals, edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import { plural } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import type { Thresholds } from '../threshold.js';
import { isLocal } from './addresses.js';
import { type Flow, flowOf, LEAST_SEGMENTS, type NamedEdge } from './edges.js';
import { GAPS, type GapBounds, type Gaps, gapsOf } from './gaps.js';
import { total } from './inside.js';
import { endText, hasEnd, type Link, links, type SickEnd, sickEnds, THIS_HOST } from './links.js';
import { onceALookBy } from './once-a-look.js';
import { earliest, known, STREAK_MS } from './values.js';

/** So few packets that were sent again are no loss yet. */
export const lostAtLeast = (unit: 'packets' | 'segments') => ({
  unit,
  value: 5,
  source: 'RFC 8985: a single one may be a tail loss probe, which is sent without a loss',
});

/** From when what a link sends again is lost, by what weighs nothing itself. */
export const LOSS_ON_LINKS = {
  ...GAPS,
  leastLost: lostAtLeast('packets'),
  leastLooks: { unit: 'looks', value: 2, source: 'our choice: one stall is no loss' },
  manyLost: { unit: 'packets', value: 10, source: 'our choice: so many in one look are no stall' },
  leastLostOnLoopback: {
    unit: 'packets',
    value: 20,
    source: 'our choice: a loopback has no wire; only a rule of this host loses what goes there',
  },
} as const satisfies Thresholds;

/** Packets that needed a second try as a share of those sent (percent), over this time. */
export interface LinkLossBounds extends GapBounds {
  readonly lostOnEdge: { readonly raise: number; readonly clear: number; readonly windowMs: number };
}

/** What was lost on a link, by the edge that shows it most. */
export interface LossyLink extends Link {
  readonly worst: NamedEdge;
  readonly flow: Flow;
  /** Data segments, openings and ends of connections that needed a second try, and all that were sent. */
  readonly lost: number;
  readonly sent: number;
  readonly percent: number;
  /** So much, and so often, that it is no chance. */
  readonly sure: boolean;
  /** Less than which it is over (percent). */
  readonly clear: number;
  /** Wall-clock ms of the first look of late that shows it. */
  readonly since: number | null;
  /** Where the sender is not read here: what arrived behind gaps. `lost` and `sent` are then of what was received. */
  readonly gaps?: Gaps;
}

export interface LossyLinkEnd extends SickEnd<LossyLink> {
  /** Links that carry enough to tell, do not touch it and lose hardly anything. */
  readonly wellElsewhere: number;
  /** All its links, the one that loses most first. */
  readonly byLoss: readonly [LossyLink, ...LossyLink[]];
  /** The quickest that the worst is there and back now (ms); undefined where that was not measured. */
  readonly leastMs: number | undefined;
}

/** The ends at which packets get lost, by what their connections send again. Empty where none does, or nothing was read. */
export const lossyLinkEnds = onceALookBy((history, bounds: LinkLossBounds): readonly LossyLinkEnd[] => {
  const all = links(history).flatMap(
    (link) => missed(history, link, bounds) ?? lossOf(history, link, bounds) ?? [],
  );
  const sick = all.filter(
    ({ percent, lost, clear }) => percent >= clear && lost >= LOSS_ON_LINKS.leastLost.value,
  );
  const well = all.filter((link) => !sick.includes(link));
  return sickEnds(history, sick, well)
    .filter(({ links: its }) => its.some(({ sure }) => sure))
    .map((end) => {
      const [worst, ...rest] = [...end.links].sort((a, b) => b.percent - a.percent) as [LossyLink];
      return {
        ...end,
        byLoss: [worst, ...rest] as const,
        leastMs: worst.edges.flatMap(({ rttMs }) => rttMs ?? []).sort((a, b) => a - b)[0],
        wellElsewhere: well.filter((link) => !hasEnd(link, end.name)).length,
      };
    });
});

/** Whether the connections of this workload carry so much that they tell whether anything gets lost there. */
export const tellsLoss = (history: History, name: string, bounds: LinkLossBounds): boolean =>
  links(history)
    .filter(({ edges }) => edges.some(({ inside }) => inside === name))
    .some((link) => lossOf(history, link, bounds) !== undefined);

/** What a peer loses that is not read here, unless what we send again tells as much. */
function missed(history: History, link: Link, bounds: LinkLossBounds): LossyLink | undefined {
  const gaps = gapsOf(history, link, bounds);
  if (!gaps?.sure || lossOf(history, link, bounds)?.sure) return undefined;
  const { edge, outOfOrder, received, percent, sure, clear } = gaps;
  const flow = flowOf(history, edge, bounds.lostOnEdge.windowMs);
  const since = onset(history, edge, ['outOfOrder']);
  return { ...link, worst: edge, flow, lost: outOfOrder, sent: received, percent, sure, clear, since, gaps };
}

/** A connection's opening and its end are a packet each that has to arrive. */
const ENDS = 2;

/** Undefined where too little was sent to tell, or nothing of it came through: that is no loss of some. */
function lossOf(history: History, link: Link, bounds: LinkLossBounds): LossyLink | undefined {
  const { windowMs, raise } = bounds.lostOnEdge;
  const fullListener = overflows(history, link.server, windowMs) > 0;
  const found = link.edges
    .map((edge) => {
      const flow = flowOf(history, edge, windowMs);
      // A full listener drops SYNs as well.
      const late = fullListener ? 0 : flow.lateOpened;
      const sent = flow.sent + ENDS * flow.opened;
      return { edge, flow, lost: flow.resent + late, sent, percent: (100 * (flow.resent + late)) / sent };
    })
    .filter(({ sent }) => sent >= LEAST_SEGMENTS)
    .sort((a, b) => b.percent - a.percent || b.sent - a.sent)[0];
  if (!found || found.lost >= found.sent) return undefined;
  const { edge, ...rest } = found;
  const figures = { ...rest, clear: bounds.lostOnEdge.clear };
  // Most links: nothing is to be looked up of when.
  if (found.lost === 0) return { ...link, ...figures, worst: edge, sure: false, since: null };
  const looks = lossyLooks(history, edge, windowMs);
  const often = looks >= LOSS_ON_LINKS.leastLooks.value || found.lost >= LOSS_ON_LINKS.manyLost.value;
  const enough = isLocal(`${edge.peer}:${edge.port}`)
    ? isRule(found)
    : found.lost >= LOSS_ON_LINKS.leastLost.value;
  return {
    ...link,
    ...figures,
    worst: edge,
    sure: found.percent >= raise && enough && often,
    since: onset(history, edge, SENT_AGAIN),
  };
}

/** On a loopback only a rule loses packets: it takes handshakes as well as data, where there are enough of them. */
const isRule = ({ lost, flow }: Pick<LossyLink, 'lost' | 'flow'>): boolean =>
  lost >= LOSS_ON_LINKS.leastLostOnLoopback.value && (flow.lateOpened > 0 || flow.opened < LEAST_SEGMENTS);

const SENT_AGAIN = ['resent', 'lateOpened'] as const;

const times = (history: History, { label }: NamedEdge, figures: readonly (keyof EdgeSignals)[], ms: number) =>
  figures.flatMap((figure) => known(history, edgeSignals(label)[figure], ms));

const lossyLooks = (history: History, edge: NamedEdge, ms: number): number =>
  new Set(times(history, edge, SENT_AGAIN, ms).flatMap(({ at, value }) => (value > 0 ? [at] : []))).size;

/** The first look with a loss after the last without any. */
function onset(history: History, edge: NamedEdge, figures: readonly (keyof EdgeSignals)[]): number | null {
  const hit = new Map<number, boolean>();
  for (const { at, value } of times(history, edge, figures, STREAK_MS)) hit.set(at, hit.get(at) || value > 0);
  const looks = [...hit].sort(([a], [b]) => a - b);
  const lastWell = looks.findLastIndex(([, lost]) => !lost);
  return earliest(looks[lastWell + 1]?.[0], looks.at(-1)?.[0]);
}

function overflows(history: History, server: string, ms: number): number {
  const ofHost = server.startsWith(THIS_HOST) || isLocal(server);
  return total(history, `kernel.TcpExt.ListenOverflows${ofHost ? '' : `{${server}}`}`, ms) ?? 0;
}

/** What one link had to send again, and who did: the sender of what got lost, or of what was not heard of it; or what came behind gaps. */
export function lossText(link: LossyLink): string {
  const { worst, flow } = link;
  const [sender, receiver] =
    worst.direction === 'out' ? [link.client, link.server] : [link.server, link.client];
  if (link.gaps)
    return `${endText(link, receiver)} → ${endText(link, sender)}: ${link.lost} of ${link.sent} data segments come behind one that is missing, and is sent again`;
  const late = link.lost - flow.resent;
  const parts = gather(
    flow.sent > 0 && `${flow.resent} of ${flow.sent} data segments`,
    late > 0 && `opening or end of ${late} of ${plural(flow.opened, 'connection')}`,
  );
  return `${endText(link, sender)} → ${endText(link, receiver)}: ${parts.join(' and ')} sent again`;
}

/** How much the worst link of an end loses, in a title: `12 % retransmitted`. */
export function lossTitle({ byLoss: [{ percent, gaps }] }: LossyLinkEnd): string {
  const figure = percent < 10 ? percent.toFixed(1).replace('.0', '') : Math.round(percent);
  return `${figure} % ${gaps ? 'arrives behind a gap' : 'retransmitted'}`;
}

/** That its worst link carries something all the same, in words. */
export const arrivesText = ({ byLoss: [{ gaps, sent, lost }] }: LossyLinkEnd): string =>
  gaps ? `${sent} data segments arrived` : `${sent - lost} of ${sent} packets arrive at the first try`;

/** What its links lose, and that others lose nothing, in words. */
export const lossyLinkLines = ({ name, wellElsewhere, byLoss }: LossyLinkEnd): string[] =>
  gather(
    ...byLoss.slice(0, 3).map(lossText),
    wellElsewhere > 0 && `what does not touch ${name} arrives`,
  ).slice(0, 4);
