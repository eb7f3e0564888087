import { keyContext } from '../ui/context.js';
import type { Hands } from '../ui/hands.js';
import { BINDINGS } from '../ui/keys.js';
import { pictureOf } from '../ui/log-reading.js';
import { findInLogs } from '../ui/moves.js';
import { type Dialog, FOLLOWING } from '../ui/state.js';
import { paletteEntries, paletteMatches } from './palette.js';
import { serviceChoices } from './service-menu.js';

/** Text that can be typed into a filter or the palette. */
const MOST_TEXT = 60;

/** A key while a dialog is open. `esc` closes every dialog; what was not confirmed is not done. */
export function pressInDialog(key: string, dialog: Dialog, hands: Hands) {
  if (dialog.kind === 'filter') return pressFilter(key, dialog, hands);
  if (key === 'esc') return hands.open(null);
  if (dialog.kind === 'palette') return pressPalette(key, dialog, hands);
  if (dialog.kind === 'confirm') return pressConfirm(key, dialog, hands);
  if (dialog.kind === 'help') {
    if (key === '?' || key === 'q' || key === 'enter') return hands.open(null);
    return hands.open({ ...dialog, top: Math.max(0, moved(dialog.top, key, BINDINGS.length * 3)) });
  }
  return dialog.kind === 'service' ? pressService(key, dialog, hands) : pressMenu(key, dialog, hands);
}

function moved(row: number, key: string, count: number): number {
  const last = Math.max(0, count - 1);
  if (key === 'down' || key === 'j') return Math.min(last, row + 1);
  if (key === 'up' || key === 'k') return Math.max(0, row - 1);
  if (key === 'pagedown' || key === 'ctrl-d') return Math.min(last, row + 10);
  if (key === 'pageup' || key === 'ctrl-u') return Math.max(0, row - 10);
  if (key === 'home' || key === 'g') return 0;
  if (key === 'end' || key === 'G') return last;
  return row;
}

/** The text after one more key, or undefined when the key is none of a text. */
function typed(text: string, key: string): string | undefined {
  if (key === 'backspace' || key === 'delete') return [...text].slice(0, -1).join('');
  if (key === 'ctrl-u') return '';
  if (key === 'space') return `${text} `.slice(0, MOST_TEXT);
  return [...key].length === 1 ? `${text}${key}`.slice(0, MOST_TEXT) : undefined;
}

function pressFilter(key: string, dialog: Dialog & { kind: 'filter' }, hands: Hands) {
  const { selected, filters, cursors } = hands.ui.getState();
  if (key === 'enter') return hands.open(null);
  const text = key === 'esc' ? '' : typed(dialog.text, key);
  if (text === undefined) return;
  hands.set({
    filters: { ...filters, [selected]: text },
    cursors: { ...cursors, [selected]: null },
    logs: FOLLOWING,
    dialog: key === 'esc' ? null : { ...dialog, text },
  });
  // Logs are searched, not thinned out: the newest line that contains it is gone to as it is typed.
  const ui = hands.ui.getState();
  if (selected === 'logs' && text !== '')
    hands.set(findInLogs(pictureOf(hands.store.getState(), ui), ui, hands.size(), 'older', null));
}

function pressPalette(key: string, dialog: Dialog & { kind: 'palette' }, hands: Hands) {
  const state = hands.store.getState();
  const context = keyContext(state, hands.ui.getState(), hands.modes.length);
  const found = paletteMatches(paletteEntries(state, context, hands.modes), dialog.text);
  if (key === 'enter') {
    const entry = found[dialog.row];
    if (!entry || entry.why) return;
    hands.open(null);
    return hands.run(entry.command, entry.argument);
  }
  if (['up', 'down', 'pageup', 'pagedown'].includes(key))
    return hands.open({ ...dialog, row: moved(dialog.row, key, found.length) });
  const text = typed(dialog.text, key);
  if (text !== undefined) hands.open({ ...dialog, text, row: 0 });
}

function pressMenu(key: string, dialog: Dialog & { kind: 'hardening' | 'scenarios' }, hands: Hands) {
  const items = dialog.kind === 'hardening' ? hands.store.getState().hardening : hands.modes;
  const chosen = items[dialog.row];
  if (key === 'q') return hands.open(null);
  if ((key === 'enter' || key === 'space') && chosen) {
    if (dialog.kind === 'hardening') return hands.run('harden', chosen.id);
    if (key === 'space') return;
    hands.open(null);
    return hands.run('inject', chosen.id);
  }
  hands.open({ ...dialog, row: moved(dialog.row, key, items.length) });
}

/** What would do nothing now is not chosen: its row says why. */
function pressService(key: string, dialog: Dialog & { kind: 'service' }, hands: Hands) {
  const choices = serviceChoices(hands.store.getState(), dialog.service);
  const chosen = choices[dialog.row];
  if (key === 'q' || key === 'a') return hands.open(null);
  if (key === 'enter' && chosen && !chosen.why) {
    hands.open(null);
    return hands.run(chosen.verb, dialog.service);
  }
  hands.open({ ...dialog, row: moved(dialog.row, key, choices.length) });
}

function pressConfirm(key: string, dialog: Dialog & { kind: 'confirm' }, hands: Hands) {
  const { command, argument } = dialog.question;
  if (key === 'y' || key === 'Y' || (key === 'enter' && dialog.yes)) {
    hands.open(null);
    return hands.send(command, argument);
  }
  if (key === 'n' || key === 'N' || key === 'q' || key === 'enter') return hands.open(null);
  if (['left', 'right', 'tab', 'shift-tab', 'up', 'down', 'h', 'l', 'j', 'k'].includes(key))
    hands.open({ ...dialog, yes: !dialog.yes });
}
