/** Text from outside (names, log lines, DNS answers) made safe to draw: no controls, no secrets, no surprises in width. */

import { withoutSecrets } from '../secrets.js';

const PLAIN = /^[\x20-\x7e]*$/;
/** CSI, OSC (ended by BEL or ST), DCS/SOS/PM/APC strings, and any other two-byte escape: ECMA-48, 5.3 to 5.6. */
const SEQUENCES =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g;
const SPACES = /[\t\n\v\f\r\x85\p{Zs}\p{Zl}\p{Zp}]/gu;
/** C0, C1, bidirectional and other format controls, and marks that draw over their neighbours. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{M}\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu;
/** Terminals and libraries disagree about the width of these: emoji, unassigned and private characters. */
const UNSURE = /[\p{Emoji_Presentation}\p{Cn}\p{Co}\p{Cs}\u{1f000}-\u{1fbff}]/gu;
/** Double-width scripts that every terminal draws alike (Unicode 16, EastAsianWidth.txt, W and F). */
const WIDE =
  /[\u{3001}-\u{3029}\u{3030}-\u{303e}\u{3041}-\u{3096}\u{309b}-\u{30ff}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]/u;
/** Other characters that East Asian width tables call wide: rare scripts and symbols, drawn as a question mark. */
const RARE_WIDE =
  /[\u{1100}-\u{11ff}\u{2329}\u{232a}\u{2630}-\u{2637}\u{268a}-\u{268f}\u{2e80}-\u{2fff}\u{3100}-\u{33ff}\u{4dc0}-\u{4dff}\u{a000}-\u{abff}\u{d7b0}-\u{d7ff}\u{fe10}-\u{fe6f}\u{10000}-\u{1ffff}]/gu;

/**
 * Strips escape sequences, controls, bidirectional marks and combining marks; turns every kind of white space into
 * a blank, and what terminals disagree about into `?`; leaves secrets out. The result is one line of at most `limit`
 * characters, ending in `…` when it was longer. Safe to apply twice.
 */
export function sanitise(text: string, limit = 300): string {
  // Bounded first: a hostile line of megabytes must not cost a regular expression each.
  const bounded = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const clean = withoutSecrets(PLAIN.test(bounded) ? bounded : drawable(bounded));
  if (clean.length <= limit && text.length === bounded.length) return clean;
  const characters = [...clean];
  if (characters.length <= limit && text.length === bounded.length) return clean;
  return `${characters.slice(0, limit - 1).join('')}…`;
}

function drawable(text: string): string {
  return text
    .replace(SEQUENCES, '')
    .normalize('NFC')
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .replace(UNSURE, '?')
    .replace(RARE_WIDE, '?');
}

/** Several lines made safe to draw, each as `sanitise` makes one, however long. */
export const sanitiseLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => sanitise(line, Number.POSITIVE_INFINITY))
    .join('\n');

/** Columns that a sanitised text takes: wide scripts take two, everything else one. */
export function width(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

/** The text cut to at most `columns`, with `…` in place of what is missing. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  if (columns <= 0) return '';
  let out = '';
  let used = 0;
  for (const character of text) {
    const next = WIDE.test(character) ? 2 : 1;
    if (used + next > columns - 1) break;
    out += character;
    used += next;
  }
  return `${out}…`;
}
