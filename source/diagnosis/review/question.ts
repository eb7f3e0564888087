import type { Finding } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import type { ReviewAnswer } from '../../store/review.js';
import { clock } from '../../terminal/format.js';
import { edges, type NamedEdge } from '../facts/edges.js';

export type Incident = Pick<Finding, 'subject' | 'target' | 'since'>;
export type Answer = Pick<ReviewAnswer, 'answer' | 'because'>;

/** One question, and how it is answered from what was recorded around the incident: pure. */
export type Question = Pick<ReviewAnswer, 'id' | 'question'> & {
  answer(history: History, incident: Incident): Answer;
};

export const yes = (because: string): Answer => ({ answer: 'yes', because });
export const no = (because: string): Answer => ({ answer: 'no', because });
export const cannotTell = (because: string): Answer => ({ answer: 'cannot tell', because });

/** So long (ms) before the first symptom is what was usual. */
export const BEFORE_MS = 60_000;
/** Less (ms) shows no pace. */
const LEAST_BEFORE_MS = 10_000;

/**
 * The edges of the incident, by the names and addresses in its subject and target; all of them where it names none, as of
 * a host. Of many the busiest first.
 */
export function edgesOf(history: History, { subject, target }: Incident): readonly NamedEdge[] {
  const said = `${subject.id} ${target}`;
  const all = edges(history);
  const its = all.filter(
    ({ owner, peer, peerName, processes = [] }) =>
      [owner, peerName, ...processes].some((name) => name !== null && hasWord(said, name)) ||
      hasWord(said, peer),
  );
  return its.length > 0 ? its : all;
}

const hasWord = (text: string, word: string): boolean =>
  word !== '' && text.split(/[\s,→↔()[\]]+/).some((part) => part === word || part.startsWith(`${word}:`));

/** The time before the incident that was watched, and the time since (ms); undefined where the watch began with it. */
export function timesAround(
  history: History,
  { since }: Incident,
  inside: string | null,
): { readonly beforeMs: number; readonly afterMs: number } | undefined {
  const looks = history.window(
    inside === null ? 'sockets.LISTEN' : `sockets.LISTEN{${inside}}`,
    history.now - since + BEFORE_MS,
  );
  const beforeMs = since - (looks[0]?.at ?? since);
  const afterMs = history.now - since;
  return beforeMs < LEAST_BEFORE_MS || afterMs <= 0 ? undefined : { beforeMs, afterMs };
}

/** What a signal adds up to before a moment of the incident, and since. */
export function sumsAround(
  history: History,
  signal: string,
  { since }: Incident,
): { readonly before: number; readonly after: number } {
  const sums = { before: 0, after: 0 };
  history.each(signal, history.now - since + BEFORE_MS, (value, at) => {
    if (Number.isFinite(value)) sums[at < since ? 'before' : 'after'] += value;
  });
  return sums;
}

export const NEVER_BEFORE = 'the watch began with the trouble, so what was usual before is not known';
export const NO_EDGES_READ = 'no connections were read that it shows in';

export const atTime = (at: number): string => clock(at);
