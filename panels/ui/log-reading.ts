import type { FaultlineState } from '../../source/store/state.js';
import { logRows, matches } from '../logs/log-rows.js';
import type { View } from '../panel.js';
import type { UiState } from './state.js';

/** What is drawn: the live state, or the frozen picture, with the log lines that a person reads. */
export function pictureOf(live: FaultlineState, ui: UiState): FaultlineState {
  const shown = ui.frozen ?? live;
  return ui.logs.held ? { ...shown, logs: ui.logs.held } : shown;
}

/** What the logs panel is told of the reading; `live` has the lines that came meanwhile. */
export function logView(live: FaultlineState, { logs }: UiState): NonNullable<View['logs']> {
  const last = logs.held?.at(-1)?.at;
  const newer =
    logs.held === null ? null : live.logs.filter(({ at }) => last === undefined || at > last).length;
  return { match: logs.match, only: logs.only, newer };
}

/**
 * Goes to the next line that contains what is searched for: an older one, or a newer one; round the end to the other.
 * `from` is the place to go on from; null for the newest. `height` is the panel's rows.
 */
export function toMatch(
  picture: FaultlineState,
  ui: UiState,
  view: View,
  direction: 'older' | 'newer',
  from: number | null = ui.logs.match,
): Partial<UiState> {
  const { logs } = picture;
  const found = logs.flatMap((line, index) => (matches(line, view.filter) ? index : []));
  const step = direction === 'older' ? found.findLast((index) => from === null || index < from) : undefined;
  const next = direction === 'newer' ? found.find((index) => from !== null && index > from) : undefined;
  const match = step ?? next ?? (direction === 'older' ? found.at(-1) : found[0]);
  if (match === undefined) return { logs: { ...ui.logs, match: null } };
  const rows = logRows(logs, view);
  const row = rows.findIndex(({ index }) => index === match);
  const last = Math.max(0, rows.length - view.height);
  const cursor = Math.max(0, Math.min(last, row - Math.floor(view.height / 2)));
  return {
    cursors: { ...ui.cursors, logs: cursor },
    logs: { ...ui.logs, held: ui.logs.held ?? logs, match },
  };
}
