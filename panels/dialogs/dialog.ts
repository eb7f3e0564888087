import type { FaultlineState } from '../../source/store/state.js';
import type { ModeChoice } from '../options.js';
import type { Content, Line } from '../panel.js';
import { keyContext } from '../ui/context.js';
import type { Dialog, UiState } from '../ui/state.js';
import { FRAME_COLUMNS, frame } from '../widgets/frame.js';
import { helpContent } from './help.js';
import {
  confirmContent,
  EXPLAINED_ROWS,
  hardeningContent,
  paletteContent,
  scenariosContent,
  serviceContent,
} from './menus.js';
import { paletteEntries, paletteMatches } from './palette.js';
import { serviceChoices } from './service-menu.js';

/** What a dialog is drawn from. */
export interface DialogInput {
  readonly live: FaultlineState;
  readonly ui: UiState;
  readonly modes: readonly ModeChoice[];
}

const TITLES: Readonly<Record<Dialog['kind'], string>> = {
  help: 'Keys',
  filter: 'Filter',
  palette: 'Commands',
  hardening: 'Hardening: what keeps it from coming back',
  scenarios: 'Cause a failure',
  service: 'Act on a service',
  confirm: 'Are you sure?',
};

/** Rows that the open dialog would like to have, frame included; none for the filter, which is typed on the status line. */
export function dialogRows(input: DialogInput, body: number): number {
  const { dialog } = input.ui;
  if (!dialog || dialog.kind === 'filter') return 0;
  if (dialog.kind === 'help' || dialog.kind === 'palette') return body;
  if (dialog.kind === 'confirm') return dialog.question.explains ? 6 : 5;
  if (dialog.kind === 'service') return Math.min(body, 6 + 2 + 1 + EXPLAINED_ROWS);
  const items = dialog.kind === 'hardening' ? input.live.hardening.length : input.modes.length;
  return Math.min(body, Math.max(5, items + 2 + EXPLAINED_ROWS));
}

/** The open dialog in a frame of exactly this size. */
export function dialogLines(input: DialogInput, width: number, height: number): readonly Line[] {
  const { dialog } = input.ui;
  if (!dialog) return [];
  const drawn = contentOf(input, dialog, width - FRAME_COLUMNS);
  return frame(drawn.content, drawn.cursor, { title: TITLES[dialog.kind], width, height, selected: true });
}

function contentOf(
  input: DialogInput,
  dialog: Dialog,
  width: number,
): { content: Content; cursor: number | null } {
  const { live, ui, modes } = input;
  const context = keyContext(live, ui, modes.length);
  switch (dialog.kind) {
    case 'help':
      return { content: helpContent(context, width), cursor: dialog.top };
    case 'palette': {
      const found = paletteMatches(paletteEntries(live, context, modes), dialog.text);
      return { content: paletteContent(found, dialog.text, dialog.row), cursor: dialog.row };
    }
    case 'hardening':
      return { content: hardeningContent(live.hardening, dialog.row, width), cursor: dialog.row };
    case 'scenarios':
      return { content: scenariosContent(modes, dialog.row, width), cursor: dialog.row };
    case 'service': {
      const choices = serviceChoices(live, dialog.service);
      return { content: serviceContent(dialog.service, choices, dialog.row, width), cursor: dialog.row };
    }
    case 'confirm':
      return { content: confirmContent(dialog.question, dialog.yes), cursor: null };
    case 'filter':
      return { content: { count: 0, line: () => [] }, cursor: null };
  }
}
