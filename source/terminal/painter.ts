import { width } from './sanitise.js';
import { toAscii } from './symbols.js';
import { type Look, THEME, type Tone } from './theme.js';

/** A run of sanitised text with one meaning. */
export interface Run {
  readonly text: string;
  readonly tone?: Tone;
}

/** Rows from the top of the screen, each exactly as wide as the screen. */
export type Rows = readonly (readonly Run[])[];

export interface Painter {
  /** Brings the terminal from the rows painted before to these; writes only what differs, in one write. */
  paint(rows: Rows): void;
  /** Clears the screen and paints the last rows again: for a screen that something else has written on. */
  repaint(): void;
}

export interface PainterOptions {
  readonly write: (text: string) => void;
  /** 16 colours and bold; without, only the symbols and words tell what is wrong. */
  readonly colors: boolean;
  readonly ascii: boolean;
}

/** SGR parameters of the 16 named colours (ECMA-48, 8.3.117; 90 to 97 are aixterm's bright ones). */
const COLORS: Readonly<Record<NonNullable<Look['color']>, number>> = {
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  gray: 90,
  redBright: 91,
  cyanBright: 96,
};
/** Synchronised output, DEC private mode 2026: the terminal shows the change at once; others ignore it. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';
const CLEAR = '\x1b[0m\x1b[2J';
const ERASE_TO_END = '\x1b[K';

/**
 * Paints rows straight to the terminal. Ink takes a frame apart cell by cell (9 MB of garbage for each frame of
 * 120×40, measured), which at one frame a second was two thirds of what watching costs; rows that are exactly as wide
 * as the screen need none of its layout, only the runs that have changed.
 */
export function createPainter(options: PainterOptions): Painter {
  let before: Rows = [];
  const style = (tone: Tone | undefined): string =>
    options.colors && tone !== undefined ? sgrOf(THEME[tone]) : '';
  const shown = (run: Run): string => {
    const text = options.ascii ? toAscii(run.text, isWide) : run.text;
    const codes = style(run.tone);
    return codes === '' ? text : `\x1b[${codes}m${text}\x1b[0m`;
  };

  const draw = (rows: Rows, known: Rows): string => {
    let out = '';
    for (const [y, row] of rows.entries()) {
      const changed = changedRuns(known[y] ?? [], row);
      if (!changed) continue;
      out += `\x1b[${y + 1};${changed.column + 1}H`;
      for (let i = changed.from; i < changed.to; i++) {
        const run = row[i] as Run;
        // Blanks up to the edge are erased, not written: a write into the last cell may scroll a terminal.
        const blank = i === row.length - 1 && style(run.tone) === '' && run.text.trim() === '';
        out += blank ? ERASE_TO_END : shown(run);
      }
    }
    return out;
  };

  const send = (text: string): void => {
    if (text !== '') options.write(`${BEGIN}${text}${END}`);
  };

  return {
    paint(rows) {
      const fits = rows.length === before.length && columnsOf(rows) === columnsOf(before);
      // Another size: Ink and the terminal may both have moved or erased what stood there.
      send(fits ? draw(rows, before) : CLEAR + draw(rows, []));
      before = rows;
    },
    repaint() {
      send(CLEAR + draw(before, []));
    },
  };
}

/** The runs of a row that differ from those before, and the column at which they begin; undefined when none does. */
function changedRuns(
  before: readonly Run[],
  after: readonly Run[],
): { readonly from: number; readonly to: number; readonly column: number } | undefined {
  const most = Math.min(before.length, after.length);
  let from = 0;
  let column = 0;
  while (from < most && same(before[from] as Run, after[from] as Run))
    column += width((after[from++] as Run).text);
  if (from === after.length && from === before.length) return undefined;
  // Both rows end at the edge of the screen, so equal ends stand in the same columns.
  let tail = 0;
  while (
    tail < most - from &&
    same(before[before.length - 1 - tail] as Run, after[after.length - 1 - tail] as Run)
  )
    tail++;
  return { from, to: after.length - tail, column };
}

const same = (a: Run, b: Run): boolean => a.text === b.text && a.tone === b.tone;
const isWide = (character: string): boolean => width(character) === 2;

function columnsOf(rows: Rows): number {
  return (rows[0] ?? []).reduce((sum, run) => sum + width(run.text), 0);
}

function sgrOf(look: Look): string {
  const codes: number[] = [];
  if (look.bold) codes.push(1);
  if (look.inverse) codes.push(7);
  if (look.color) codes.push(COLORS[look.color]);
  return codes.join(';');
}
