import { panelOf } from '../../panels/list.js';
import type { PanelId, View } from '../../panels/panel.js';
import { plain } from '../../panels/widgets/fit.js';
import type { FaultlineState } from '../../source/store/state.js';

/** A panel opened alone on a wide screen. */
export const VIEW: View = {
  width: 100,
  height: 30,
  alone: true,
  filter: '',
  cursor: null,
  restartTarget: null,
};

/** All that a panel says, a line each. */
export function text(id: PanelId, state: FaultlineState, view: Partial<View> = {}): string {
  const content = panelOf(id).content(state, { ...VIEW, ...view });
  const rows = Array.from({ length: content.count }, (_, index) => plain(content.line(index)));
  return [...(content.head ?? []).map(plain), ...rows].join('\n');
}
