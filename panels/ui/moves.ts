import type { FaultlineState } from '../../source/store/state.js';
import { chosenContainer, shownContainers } from '../inside/inside.js';
import { PANELS, panelOf } from '../list.js';
import type { PanelId, View } from '../panel.js';
import { panelRooms } from '../screen/rooms.js';
import { isTarget, shownServices } from '../services/services.js';
import { firstInView } from '../widgets/frame.js';
import type { CommandName } from './commands.js';
import { restartTarget } from './context.js';
import { toMatch } from './log-reading.js';
import { FOLLOWING, type UiState } from './state.js';

/** Rows that page-up and page-down move. */
const PAGE = 10;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The UI after a cursor movement in the selected panel. */
export function moveCursor(
  state: FaultlineState,
  ui: UiState,
  size: Size,
  command: CommandName,
): Partial<UiState> {
  const room = panelRooms(state, ui, size).get(ui.selected);
  if (!room) return {};
  const cursor = ui.cursors[ui.selected] ?? null;
  const view = viewOf(state, ui, room);
  const content = panelOf(ui.selected).content(state, { ...view, cursor: cursor ?? 1 });
  const space = Math.max(1, room.height - (content.head?.length ?? 0) - (content.foot?.length ?? 0));
  const last = content.selectable ? content.count - 1 : Math.max(0, content.count - space);
  const here = cursor ?? (content.selectable ? startRow(state, ui) : firstInView(content, null, space));
  const target = step(command, Math.min(here, last), last);
  const next = Math.max(0, Math.min(last, target));
  // Back at its own end a panel follows what comes again.
  const following = content.from === 'end' && next === last && command !== 'up';
  const cursors = { ...ui.cursors, [ui.selected]: following ? null : next };
  if (ui.selected === 'logs')
    return { cursors, logs: following ? FOLLOWING : { ...ui.logs, held: ui.logs.held ?? state.logs } };
  if (ui.selected === 'services') return { cursors, chosenService: serviceAt(state, ui, next) };
  if (ui.selected !== 'inside' || !content.selectable) return { cursors };
  const filter = ui.filters.inside ?? '';
  return { cursors, chosenService: shownContainers(state, filter)[next] ?? ui.chosenService };
}

/** How the selected panel is looked at, in the room it has. */
function viewOf(state: FaultlineState, ui: UiState, room: { width: number; height: number }): View {
  const { match, only } = ui.logs;
  return {
    width: room.width,
    height: room.height,
    alone: ui.alone,
    filter: ui.filters[ui.selected] ?? '',
    cursor: ui.cursors[ui.selected] ?? null,
    restartTarget: restartTarget(state, ui),
    risksHidden: ui.risksHidden,
    logs: { match, only, newer: null },
  };
}

/** The UI with the logs panel on the next line that contains what is searched for; `from` as for `toMatch`. */
export function findInLogs(
  state: FaultlineState,
  ui: UiState,
  size: Size,
  direction: 'older' | 'newer',
  from: number | null = ui.logs.match,
): Partial<UiState> {
  const room = panelRooms(state, ui, size).get('logs');
  return room && ui.selected === 'logs' ? toMatch(state, ui, viewOf(state, ui, room), direction, from) : {};
}

function step(command: CommandName, here: number, last: number): number {
  if (command === 'up') return here - 1;
  if (command === 'down') return here + 1;
  if (command === 'page-up') return here - PAGE;
  if (command === 'page-down') return here + PAGE;
  return command === 'top' ? 0 : last;
}

/** The cursor starts on the service that `r` would restart. */
export function startRow(state: FaultlineState, ui: UiState): number {
  const target = restartTarget(state, ui);
  if (ui.selected === 'inside') {
    const names = shownContainers(state, ui.filters.inside ?? '');
    return Math.max(0, names.indexOf(chosenContainer(state, target, names) ?? ''));
  }
  const row = shownIn(state, ui).findIndex((service) => isTarget(service, target));
  return Math.max(0, row);
}

function serviceAt(state: FaultlineState, ui: UiState, row: number): string | null {
  return shownIn(state, ui)[row]?.name ?? ui.chosenService;
}

const shownIn = (state: FaultlineState, ui: UiState) => shownServices(state, ui.filters.services ?? '');

/** The panel after, or before, this one; those of containers and of Swarm only where there are some. */
export function neighbour(state: FaultlineState, selected: PanelId, by: 1 | -1): PanelId {
  const contained = Object.keys(state.probes).some((id) => id.startsWith('inside:')) || state.latest.inside;
  const panels = PANELS.filter(({ id }) => {
    if (id === 'matrix' || id === 'inside') return contained;
    return id !== 'swarm' || state.latest.swarm;
  });
  const index = panels.findIndex((panel) => panel.id === selected);
  return (panels[(index + by + panels.length) % panels.length] ?? panels[0])?.id ?? selected;
}
