import { listed, plural } from '../terminal/format.js';
import type { BlindMode, Finding, SubjectKind } from './finding.js';

/** What rows need to know of a finding. */
export type Placed = Pick<Finding, 'id' | 'title' | 'subject'>;

/** Findings that stand in one row: one, or three and more of one mode. */
export type Group<Each> = readonly [Each, ...Each[]];

/** So many findings of one mode keep a row each; more of them stand in one row. */
const MOST_APART = 2;

/** How a place of each kind is spoken of. */
const PLACE: Readonly<Record<SubjectKind, readonly [before: string, noun: string]>> = {
  host: ['on', 'host'],
  workload: ['in', 'container'],
  connection: ['on', 'connection'],
  name: ['for', 'name'],
  listener: ['at', 'listener'],
  target: ['at', 'target'],
};

/**
 * The rows of findings that stand at one level (causes, or what one cause explains): three or more of one mode are one
 * row, at the place of the first of them; all others have a row of their own. No finding is lost and none is told twice.
 */
export function foldByMode<Each extends Placed>(findings: readonly Each[]): readonly Group<Each>[] {
  return findings.flatMap((finding): readonly Group<Each>[] => {
    const alike = findings.filter(({ id }) => id === finding.id);
    if (alike.length <= MOST_APART) return [[finding]];
    return alike[0] === finding ? [[finding, ...alike.slice(1)]] : [];
  });
}

/** A row's sentence: a finding's own, or for many "OOM kill … in 5 containers: a, b, c and 2 more". */
export function titleOf(findings: Group<Placed>): string {
  if (findings.length === 1) return findings[0].title;
  const kinds = new Set(findings.map(({ subject }) => subject.kind));
  const shared = sharedWords(findings);
  const places = listed(findings.map(({ subject }) => subject.id));
  // What is said of a place that the title begins with reads on from the places.
  if (shared !== '' && findings.every(({ title, subject }) => title.startsWith(`${subject.id} `)))
    return `${places}: each ${shared}`;
  const [before, noun] = kinds.size === 1 ? PLACE[findings[0].subject.kind] : (['at', 'place'] as const);
  const where = `${before} ${plural(findings.length, noun)}: ${places}`;
  return [shared, where].filter(Boolean).join(' ');
}

/** What all titles say but for their places; where they go apart, "…" stands for the rest. Empty for nothing shared. */
function sharedWords(findings: readonly Placed[]): string {
  const [first = '', ...others] = findings.map(withoutPlace);
  if (others.every((title) => title === first)) return first;
  const words = first.split(' ');
  const apart = words.findIndex((word, index) => others.some((title) => title.split(' ')[index] !== word));
  const shared = (apart < 0 ? words : words.slice(0, apart)).join(' ').replace(LOOSE_END, '');
  return shared === '' ? '' : `${shared} …`;
}

/** Words that say nothing without the next one. */
const LOOSE_END = /(?:^| )(?:(?:at|by|for|from|in|its|of|on|the|to|was|were|with)(?: |$))+$|[,:;]$/;

/** "Packet loss at postgres: 5 % retransmitted" without "at postgres". */
function withoutPlace({ title, subject }: Placed): string {
  const place = subject.id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return title
    .replace(new RegExp(`(?:(?:^| )(?:at|for|from|in|of|on|to))?(?:^| )${place}(?=$|[ :,;)])`), '')
    .trim();
}

/** How sure a finding is, in a word and as its score (0.05 to 0.99): "likely 0.84". */
export function sureText({ verdict, score }: Pick<Finding, 'verdict' | 'score'>): string {
  return `${verdict} ${score.toFixed(2)}`;
}

/** "conntrack-full, packet-loss": the modes that cannot be judged, by what they lack ("conntrack", "dns or http"). */
export function blindByLack(blind: readonly BlindMode[]): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const { id, missing } of blind) {
    const lack = missing.join(', ');
    out.set(lack, [...(out.has(lack) ? [out.get(lack)] : []), id].join(', '));
  }
  return out;
}
