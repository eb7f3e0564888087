import type { History } from '../../store/history.js';
import { plural } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import { isLocal } from './addresses.js';
import { type Flow, flowOf, LEAST_SEGMENTS, type NamedEdge } from './edges.js';
import { type GapBounds, type Gaps, gapsOf } from './gaps.js';
import { total } from './inside.js';
import { endText, hasEnd, type Link, links, type SickEnd, sickEnds, THIS_HOST } from './links.js';
import { onceALookBy } from './once-a-look.js';
import { earliest, known, STREAK_MS } from './values.js';

/** From when what a link sends again is lost. */
export interface LinkLossBounds extends GapBounds {
  /** Packets that needed a second try as a share of those sent (percent), over this time. */
  readonly lostOnEdge: { readonly raise: number; readonly clear: number; readonly windowMs: number };
  /** So many of them at least, … */
  readonly leastLost: { readonly value: number };
  /** … in so many looks, … */
  readonly leastLooks: { readonly value: number };
  /** … or so many in one. */
  readonly manyLost: { readonly value: number };
  /** So many at least where both ends are one machine, whose kernel loses nothing by itself. */
  readonly leastLostOnLoopback: { readonly value: number };
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
}

/** The ends at which packets get lost, by what their connections send again. Empty where none does, or nothing was read. */
export const lossyLinkEnds = onceALookBy((history, bounds: LinkLossBounds): readonly LossyLinkEnd[] => {
  const all = links(history).flatMap(
    (link) => missed(history, link, bounds) ?? lossOf(history, link, bounds) ?? [],
  );
  const sick = all.filter(({ percent, lost, clear }) => percent >= clear && lost >= bounds.leastLost.value);
  const well = all.filter((link) => !sick.includes(link));
  return sickEnds(history, sick, well)
    .filter(({ links: its }) => its.some(({ sure }) => sure))
    .map((end) => ({ ...end, wellElsewhere: well.filter((link) => !hasEnd(link, end.name)).length }));
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
  const often = looks >= bounds.leastLooks.value || found.lost >= bounds.manyLost.value;
  const enough = isLocal(`${edge.peer}:${edge.port}`)
    ? isRule(found, bounds)
    : found.lost >= bounds.leastLost.value;
  return {
    ...link,
    ...figures,
    worst: edge,
    sure: found.percent >= raise && enough && often,
    since: onset(history, edge, SENT_AGAIN),
  };
}

/** On a loopback only a rule loses packets: it takes handshakes as well as data, where there are enough of them. */
const isRule = (
  { lost, flow }: Pick<LossyLink, 'lost' | 'flow'>,
  { leastLostOnLoopback }: LinkLossBounds,
): boolean => lost >= leastLostOnLoopback.value && (flow.lateOpened > 0 || flow.opened < LEAST_SEGMENTS);

const SENT_AGAIN = ['resent', 'lateOpened'] as const;

const times = (history: History, { label }: NamedEdge, figures: readonly string[], ms: number) =>
  figures.flatMap((figure) => known(history, `edge.${figure}${label}`, ms));

const lossyLooks = (history: History, edge: NamedEdge, ms: number): number =>
  new Set(times(history, edge, SENT_AGAIN, ms).flatMap(({ at, value }) => (value > 0 ? [at] : []))).size;

/** The first look with a loss after the last without any. */
function onset(history: History, edge: NamedEdge, figures: readonly string[]): number | null {
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
