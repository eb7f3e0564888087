import { layoutFor } from '../../source/terminal/size.js';
import type { PanelId } from '../panel.js';

/** A panel and its room, frame included. */
export interface Place {
  readonly id: PanelId;
  readonly width: number;
  readonly height: number;
}

/** Panels side by side: their widths add up to the screen's, their heights are equal. */
export type Band = readonly Place[];

interface Room {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Where the panels stand. `screen` is the terminal, `body` what header and footer leave of it. Places depend on the
 * size and the selection only, never on figures, so nothing jumps while they move. `third` stands below symptoms and
 * finding where there is room for three, until another panel is selected.
 */
export function placePanels(
  screen: Room,
  body: number,
  selected: PanelId,
  alone: boolean,
  third: PanelId = 'services',
): readonly Band[] {
  const layout = layoutFor(screen.columns, screen.rows);
  if (layout === 'none') return [];
  if (alone || layout === 'single') return [[{ id: selected, width: screen.columns, height: body }]];
  return layout === 'wide'
    ? placeWide(screen.columns, body, selected)
    : placeStandard(screen.columns, body, selected, third);
}

const PLACELESS: readonly PanelId[] = ['logs', 'matrix', 'inside', 'swarm', 'risks', 'alerts'];

function placeWide(columns: number, body: number, selected: PanelId): readonly Band[] {
  const [top, second, third, last] = share(body, [
    { least: 11, most: 17 },
    { least: 7, most: 12 },
    { least: 6, most: 9 },
    { least: 7, most: Number.POSITIVE_INFINITY },
  ]) as [number, number, number, number];
  // These have no place of their own here: selected, they take the timeline's.
  const lower: PanelId = PLACELESS.includes(selected) ? selected : 'timeline';
  return [
    beside(columns, top, ['symptoms', 0.5], ['finding', 0.5]),
    beside(columns, second, ['services', 0.52], ['dns', 0.48]),
    beside(columns, third, ['sockets', 0.41], ['conntrack', 0.25], ['probes', 0.34]),
    beside(columns, last, [lower, 0.52], ['recovery', 0.48]),
  ];
}

function placeStandard(columns: number, body: number, selected: PanelId, calm: PanelId): readonly Band[] {
  const lower = selected === 'symptoms' || selected === 'finding' ? calm : selected;
  const tall = body >= 30 && lower !== 'timeline';
  const [first, second, third, fourth] = share(body, [
    { least: 7, most: 14 },
    { least: 7, most: 15 },
    { least: 7, most: tall ? 10 : Number.POSITIVE_INFINITY },
    ...(tall ? [{ least: 5, most: Number.POSITIVE_INFINITY }] : []),
  ]) as [number, number, number, number?];
  const bands: Band[] = [
    [{ id: 'symptoms', width: columns, height: first }],
    [{ id: 'finding', width: columns, height: second }],
    [{ id: lower, width: columns, height: third }],
  ];
  if (fourth !== undefined) bands.push([{ id: 'timeline', width: columns, height: fourth }]);
  return bands;
}

/** Rows for each band: its least first, then one at a time in turn until all are given or all have their most. */
function share(rows: number, bands: readonly { readonly least: number; readonly most: number }[]): number[] {
  const out = bands.map((band) => band.least);
  let rest = rows - out.reduce((sum, value) => sum + value, 0);
  while (rest > 0) {
    let given = false;
    for (const [index, band] of bands.entries()) {
      if (rest === 0 || (out[index] as number) >= band.most) continue;
      out[index] = (out[index] as number) + 1;
      rest--;
      given = true;
    }
    if (!given) break;
  }
  return out;
}

function beside(columns: number, height: number, ...parts: readonly (readonly [PanelId, number])[]): Band {
  let used = 0;
  return parts.map(([id, part], index) => {
    const width = index === parts.length - 1 ? columns - used : Math.floor(columns * part);
    used += width;
    return { id, width, height };
  });
}
