import { cut, sanitise, width } from '../../source/terminal/sanitise.js';
import { BOX, SYMBOL } from '../../source/terminal/symbols.js';
import { type Content, type Line, type Span, span } from '../panel.js';
import { fitted } from './fit.js';

export interface FrameOptions {
  readonly title: string;
  readonly right?: string;
  readonly width: number;
  readonly height: number;
  readonly selected: boolean;
}

/** Columns that a frame takes from its content: a border and a blank on either side. */
export const FRAME_COLUMNS = 4;
/** Rows that a frame takes from its content. */
export const FRAME_ROWS = 2;

/** The first row in view of `count` rows in `room` lines, so that the cursor is in view. */
export function firstInView(content: Content, cursor: number | null, room: number): number {
  const most = Math.max(0, content.count - room);
  if (cursor === null) return content.from === 'end' ? most : 0;
  if (!content.selectable) return Math.max(0, Math.min(cursor, most));
  const row = Math.max(0, Math.min(cursor, content.count - 1));
  return Math.max(0, Math.min(most, row - Math.floor(room / 2)));
}

/** The content in a frame: exactly `height` lines of `width` columns; only rows in view are built. */
export function frame(content: Content, cursor: number | null, options: FrameOptions): Line[] {
  const inner = options.width - FRAME_COLUMNS;
  const room = options.height - FRAME_ROWS;
  const head = (content.head ?? []).slice(0, Math.max(0, room - 1));
  const foot = (content.foot ?? []).slice(0, Math.max(0, room - head.length - 1));
  const space = Math.max(0, room - head.length - foot.length);
  const first = firstInView(content, cursor, space);
  const body: Line[] = [...head];
  for (let row = 0; row < space; row++) {
    const index = first + row;
    body.push(index < content.count ? content.line(index) : []);
  }
  body.push(...foot);
  const tone = options.selected ? 'frameSelected' : 'frame';
  const side = span(BOX.vertical, tone);
  const below = Math.max(0, content.count - first - space);
  return [
    topLine(options, content.right ?? options.right),
    ...body
      .slice(0, Math.max(0, room))
      .map((line) => [side, span(' '), ...fitted(line, inner), span(' '), side]),
    bottomLine(options, [first > 0 ? `${first} above` : '', below > 0 ? `${below} below` : '']),
  ];
}

function topLine(options: FrameOptions, right: string | undefined): Line {
  const tone = options.selected ? 'frameSelected' : 'frame';
  const mark = options.selected ? `${SYMBOL.cursor} ` : '';
  const room = options.width - 6;
  const title = cut(sanitise(`${mark}${options.title}`), room);
  const rightRoom = room - width(title) - 3;
  const shown = right && rightRoom > 6 ? ` ${cut(sanitise(right), rightRoom)} ` : '';
  const dashes = options.width - 5 - width(title) - width(shown) - 1;
  const parts: Span[] = [
    span(`${BOX.topLeft}${BOX.horizontal} `, tone),
    span(title, 'title'),
    span(` ${BOX.horizontal.repeat(Math.max(0, dashes))}`, tone),
    span(shown, 'muted'),
    span(`${BOX.horizontal}${BOX.topRight}`, tone),
  ];
  return parts.filter((part) => part.text !== '');
}

function bottomLine(options: FrameOptions, hints: readonly string[]): Line {
  const tone = options.selected ? 'frameSelected' : 'frame';
  const hint = hints.filter(Boolean).join(' · ');
  const shown = hint && width(hint) + 6 <= options.width ? ` ${hint} ` : '';
  const dashes = options.width - 3 - width(shown);
  return [
    span(`${BOX.bottomLeft}${BOX.horizontal.repeat(Math.max(0, dashes))}`, tone),
    span(shown, 'muted'),
    span(`${BOX.horizontal}${BOX.bottomRight}`, tone),
  ].filter((part) => part.text !== '');
}
