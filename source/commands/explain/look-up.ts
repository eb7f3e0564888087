import type { FailureMode } from '../../../scenarios/failure-mode.js';
import { namesOf } from '../../../scenarios/index.js';
import { editDistance } from '../arguments/nearest.js';
import type { Term } from './glossary.js';

/** What can be explained. */
export interface Explainable {
  readonly modes: readonly FailureMode[];
  readonly terms: readonly Term[];
}

/** A failure mode, a word, or a failure mode whose id is a word as well. */
export interface Explanation {
  readonly mode: FailureMode | undefined;
  readonly term: Term | undefined;
}

/** At most so many are offered for what is unknown. */
const OFFERED = 3;

/** Letters and figures alone: `SYN RECV`, `syn-recv` and `SYN_RECV` are one word. */
export const squash = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** What is known by a name, however it is written; undefined when nothing is. */
export function lookUp(typed: string, { modes, terms }: Explainable): Explanation | undefined {
  const key = squash(typed);
  const named = (names: readonly string[]): boolean => names.some((name) => squash(name) === key);
  const mode = modes.find((one) => named(namesOf(one)));
  const term = terms.find(({ word }) => named([word])) ?? terms.find(({ aliases }) => named(aliases));
  return mode || term ? { mode, term } : undefined;
}

/**
 * Names that may have been meant, best first: those that hold what was typed, those with at most a third of its letters
 * mistyped (two in a short word), those that it holds, those that begin alike.
 */
export function nearestNames(typed: string, { modes, terms }: Explainable): readonly string[] {
  const key = squash(typed);
  const names = [...modes.flatMap(namesOf), ...terms.flatMap(({ word, aliases }) => [word, ...aliases])];
  return names
    .map((name) => ({ name, rank: rankOf(key, squash(name)) }))
    .filter(({ rank }) => rank < FAR)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, OFFERED)
    .map(({ name }) => name);
}

const FAR = 4;

/** 0 to below 4, the less the nearer; 4 is another word. */
function rankOf(key: string, name: string): number {
  const part = Math.min(key.length, name.length) >= 3;
  const apart = Math.min(99, Math.abs(name.length - key.length)) / 100;
  if (part && name.includes(key)) return apart;
  const distance = editDistance(key, name);
  if (distance <= Math.max(2, key.length / 3) && distance < Math.min(key.length, name.length))
    return 1 + distance / 100;
  if (part && key.includes(name)) return 2 + apart;
  return part && name.startsWith(key.slice(0, 3)) ? 3 + apart : FAR;
}
