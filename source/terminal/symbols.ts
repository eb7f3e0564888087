/** The symbols of the console, and what stands for them where only ASCII can be drawn. */

export const SYMBOL = {
  ok: '●',
  notice: '◆',
  warning: '▲',
  critical: '✖',
  unknown: '?',
  stale: '◌',
  pending: '◐',
  passed: '✔',
  off: '○',
  action: '▶',
  undo: '↩',
  bullet: '•',
  cursor: '▸',
  arrow: '→',
  bar: '█',
  barRest: '░',
} as const;

/** Eight heights, lowest first. */
export const SPARKS = '▁▂▃▄▅▆▇█';

export const BOX = {
  topLeft: '╭',
  topRight: '╮',
  bottomLeft: '╰',
  bottomRight: '╯',
  horizontal: '─',
  vertical: '│',
} as const;

/** One ASCII character for each, so that no width changes. */
const ASCII: Readonly<Record<string, string>> = {
  '●': 'o',
  '◆': '*',
  '▲': '!',
  '✖': 'X',
  '◌': '~',
  '◐': '%',
  '✔': 'v',
  '○': '-',
  '▶': '>',
  '↩': '<',
  '•': '*',
  '▸': '>',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '░': '.',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '─': '-',
  '│': '|',
  '…': '.',
  '·': '-',
  '×': 'x',
  '–': '-',
  '—': '-',
  '≥': '>',
  '≤': '<',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/** Sanitised text with nothing but ASCII in it and the same width; what has no stand-in becomes `?`. */
export function toAscii(text: string, wide: (character: string) => boolean): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  let out = '';
  for (const character of text)
    out += character <= '~' ? character : (ASCII[character] ?? (wide(character) ? '??' : '?'));
  return out;
}
