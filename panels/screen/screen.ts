import type { FaultlineState } from '../../source/store/state.js';
import { LEAST, layoutFor } from '../../source/terminal/size.js';
import { type DialogInput, dialogLines, dialogRows } from '../dialogs/dialog.js';
import { panelOf } from '../list.js';
import { type Line, span } from '../panel.js';
import { keyContext, restartTarget } from '../ui/context.js';
import { logView, pictureOf } from '../ui/log-reading.js';
import { fitted } from '../widgets/fit.js';
import { FRAME_COLUMNS, FRAME_ROWS, frame } from '../widgets/frame.js';
import { footerLine } from './footer.js';
import { headerLine } from './header.js';
import type { Band, Place } from './layout.js';
import { bandsOf, chromeOf } from './rooms.js';
import { headline, statusLine, storyLines, storyShort } from './status.js';

export interface ScreenInput extends DialogInput {
  readonly columns: number;
  readonly rows: number;
}

/** The whole screen as lines: exactly `rows` of them, each exactly `columns` wide. Pure. */
export function screenLines(input: ScreenInput): readonly Line[] {
  const { live, ui, columns, rows } = input;
  const layout = layoutFor(columns, rows);
  if (layout === 'none') return tooSmall(columns, rows);
  const shown = pictureOf(live, ui);
  const context = keyContext(live, ui, input.modes.length);
  const chrome = chromeOf(live, input);
  const status = statusLine(live, ui, columns, layout === 'single' ? headline(live, columns) : undefined);
  const story = storyLines(shown.story, columns);
  const second = status ?? (story.rest ? storyShort(shown.story) : story.first);
  const bottom: Line[] =
    chrome.bottom === 'both'
      ? [story.first, status ?? story.rest ?? []]
      : chrome.bottom === 'shared'
        ? [second]
        : [];
  const all: readonly Line[] = [
    headerLine(live, ui, columns),
    ...bodyLines(input, shown, chrome.body),
    ...bottom,
    footerLine(context, ui.dialog, columns),
  ];
  return all.map((line) => fitted(line, columns));
}

/** Panels; an open dialog takes the place of the lower bands, so that what stands above it does not move. */
function bodyLines(input: ScreenInput, shown: FaultlineState, body: number): readonly Line[] {
  const { live, ui, columns } = input;
  let bands = bandsOf(live, ui, input);
  const wanted = dialogRows(input, body);
  let free = 0;
  while (free < wanted && bands.length > 0) {
    free += bands.at(-1)?.[0]?.height ?? 0;
    bands = bands.slice(0, -1);
  }
  const panels = bands.flatMap((band) => bandLines(band, shown, input));
  return free > 0 ? [...panels, ...dialogLines(input, columns, free)] : panels;
}

function bandLines(band: Band, state: FaultlineState, input: ScreenInput): readonly Line[] {
  const frames = band.map((place) => panelLines(place, state, input));
  return (frames[0] ?? []).map((_, row) => frames.flatMap((lines) => lines[row] ?? []));
}

function panelLines(place: Place, state: FaultlineState, { live, ui }: ScreenInput): readonly Line[] {
  const panel = panelOf(place.id);
  const filter = ui.filters[place.id] ?? '';
  const cursor = ui.cursors[place.id] ?? null;
  const content = panel.content(state, {
    width: place.width - FRAME_COLUMNS,
    height: place.height - FRAME_ROWS,
    alone: ui.alone,
    filter,
    cursor,
    restartTarget: restartTarget(state, ui),
    risksHidden: ui.risksHidden,
    ...(place.id === 'logs' ? { logs: logView(live, ui) } : {}),
  });
  const title = `${panel.key} ${panel.title}${filter ? ` /${filter}` : ''}`;
  return frame(content, cursor, { ...place, title, selected: place.id === ui.selected });
}

function tooSmall(columns: number, rows: number): readonly Line[] {
  const { columns: needColumns, rows: needRows } = LEAST.single;
  const text = [`too small: ${columns}×${rows}`, `needs ${needColumns}×${needRows}`, 'enlarge, or q quits'];
  const above = Math.max(0, Math.floor((rows - text.length) / 2));
  return Array.from({ length: rows }, (_, row) => {
    const line = text[row - above];
    return fitted(line ? [span(line, row === above ? 'strong' : undefined)] : [], columns);
  });
}
