import type { FaultlineState } from '../../source/store/state.js';
import { layoutFor } from '../../source/terminal/size.js';
import type { PanelId } from '../panel.js';
import type { UiState } from '../ui/state.js';
import { FRAME_COLUMNS, FRAME_ROWS } from '../widgets/frame.js';
import { type Band, placePanels } from './layout.js';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Chrome {
  /** Rows between header and bottom lines. */
  readonly body: number;
  /** Whether the story and the status have a line each, share one, or have none. */
  readonly bottom: 'both' | 'shared' | 'none';
}

/** What header, story, status and footer leave of the screen. Depends on size and session only. */
export function chromeOf(state: FaultlineState, size: Size): Chrome {
  const layout = layoutFor(size.columns, size.rows);
  if (layout === 'wide' && state.session.mode === 'demo') return { body: size.rows - 4, bottom: 'both' };
  if (layout !== 'single' || size.rows >= 16) return { body: size.rows - 3, bottom: 'shared' };
  return { body: size.rows - 2, bottom: 'none' };
}

/** The panels' places for this screen. */
export function bandsOf(state: FaultlineState, ui: UiState, size: Size): readonly Band[] {
  // Where no services are watched, the panel of them has nothing to say.
  const third = state.probes.services ? 'services' : 'probes';
  return placePanels(size, chromeOf(state, size).body, ui.selected, ui.alone, third);
}

/** Room inside the frame of each panel in view. */
export function panelRooms(
  state: FaultlineState,
  ui: UiState,
  size: Size,
): ReadonlyMap<PanelId, { readonly width: number; readonly height: number }> {
  const places = bandsOf(state, ui, size).flat();
  return new Map(
    places.map(({ id, width, height }) => [
      id,
      { width: width - FRAME_COLUMNS, height: height - FRAME_ROWS },
    ]),
  );
}
