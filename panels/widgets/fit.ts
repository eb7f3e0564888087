import { cut, sanitise, width } from '../../source/terminal/sanitise.js';
import type { Tone } from '../../source/terminal/theme.js';
import type { Line, Span } from '../panel.js';

/**
 * A line of exactly `columns` columns: every text sanitised (the one place through which all of them pass), cut
 * where it does not fit, filled with blanks, neighbours of one tone joined.
 */
export function fitted(line: Line, columns: number): Line {
  const out: Span[] = [];
  let rest = Math.max(0, columns);
  for (const part of line) {
    if (rest === 0) break;
    const text = cut(sanitise(part.text, 1_000), rest);
    rest -= width(text);
    push(out, text, part.tone);
  }
  if (rest > 0) push(out, ' '.repeat(rest), undefined);
  return out;
}

function push(out: Span[], text: string, tone: Tone | undefined): void {
  if (text === '') return;
  const last = out.at(-1);
  if (last && last.tone === tone) out[out.length - 1] = { ...last, text: last.text + text };
  else out.push(tone ? { text, tone } : { text });
}

/** A text in a column of its own: cut or filled to `columns`. */
export function cell(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(sanitise(text), columns);
  const blank = ' '.repeat(Math.max(0, columns - width(shown)));
  return align === 'left' ? shown + blank : blank + shown;
}

/** The text of a line, without its tones. */
export function plain(line: Line): string {
  return line.map((part) => part.text).join('');
}

/** A text in pieces of at most `columns`, nothing left out: broken at a blank where one is near the end. */
export function chunks(text: string, columns: number): string[] {
  const out: string[] = [];
  let current = '';
  let used = 0;
  for (const character of text) {
    const next = width(character);
    if (used + next > columns) {
      const blank = current.lastIndexOf(' ');
      const end = blank > current.length * 0.6 ? blank + 1 : current.length;
      out.push(current.slice(0, end));
      current = current.slice(end);
      used = width(current);
    }
    current += character;
    used += next;
  }
  return [...out, current];
}

/** A text broken at blanks into lines of at most `columns`; a word longer than a line is cut. */
export function wrap(text: string, columns: number): string[] {
  const out: string[] = [];
  let current = '';
  for (const word of sanitise(text, 2_000).split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (width(longer) <= columns) current = longer;
    else {
      if (current !== '') out.push(current);
      current = cut(word, columns);
    }
  }
  if (current !== '') out.push(current);
  return out;
}
