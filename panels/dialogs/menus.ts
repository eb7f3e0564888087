import type { HardeningSwitch } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import type { ModeChoice } from '../options.js';
import { type Content, type Line, span } from '../panel.js';
import type { Question } from '../ui/state.js';
import { cell, wrap } from '../widgets/fit.js';
import type { PaletteEntry } from './palette.js';
import type { ServiceChoice } from './service-menu.js';

function menu<Item>(
  items: readonly Item[],
  row: number,
  draw: (item: Item, chosen: boolean) => Line,
  head: readonly Line[] = [],
): Content {
  return {
    head,
    count: items.length,
    selectable: true,
    line: (index) => {
      const item = items[index];
      if (item === undefined) return [];
      return [span(index === row ? `${SYMBOL.cursor} ` : '  ', 'key'), ...draw(item, index === row)];
    },
  };
}

/** Columns for the titles of a menu: the longest, within reason. */
const longest = (items: readonly { readonly title: string }[]) =>
  Math.min(40, Math.max(...items.map((item) => item.title.length)));

/** Rows below a menu in which the chosen item is explained in full: a gap and two lines of text. */
export const EXPLAINED_ROWS = 3;

/** The menu with the chosen item's words in full below it: in its row they are cut where the screen ends. */
function explained(content: Content, text: string, width: number): Content {
  const below: Line[] = [[], ...wrap(text, width - 2).map((part): Line => [span(`  ${part}`)])];
  return {
    ...content,
    count: content.count + below.length,
    line: (index) => (index < content.count ? content.line(index) : (below[index - content.count] ?? [])),
  };
}

/** Hardening switches with their state. */
export function hardeningContent(switches: readonly HardeningSwitch[], row: number, width: number): Content {
  const content = menu(switches, row, (item, chosen) => [
    span(`${item.on ? SYMBOL.ok : SYMBOL.off} ${item.on ? 'on ' : 'off'}  `, item.on ? 'ok' : undefined),
    span(cell(item.title, longest(switches)), chosen ? 'selected' : undefined),
    span(`  ${item.explains}`, 'muted'),
  ]);
  const chosen = switches[row];
  return chosen ? explained(content, `${chosen.title}: ${chosen.explains}`, width) : content;
}

/** Failures that can be caused. */
export function scenariosContent(modes: readonly ModeChoice[], row: number, width: number): Content {
  const content = menu(modes, row, (mode, chosen) => [
    span(cell(mode.title, longest(modes)), chosen ? 'selected' : undefined),
    span(`  ${mode.describe}`, 'muted'),
  ]);
  const chosen = modes[row];
  return chosen ? explained(content, `${chosen.title}: ${chosen.describe}`, width) : content;
}

/** What can be done to one service, named above; what would do nothing now says why. */
export function serviceContent(
  name: string,
  choices: readonly ServiceChoice[],
  row: number,
  width: number,
): Content {
  const draw = ({ verb, explains, why }: ServiceChoice, chosen: boolean): Line => [
    span(cell(verb, 8), why ? 'muted' : chosen ? 'selected' : undefined),
    why ? span(`  not now: ${why}`, 'warning') : span(`  ${explains}`, 'muted'),
  ];
  const content = menu(choices, row, draw, [[span(name, 'strong')]]);
  const chosen = choices[row];
  return chosen ? explained(content, `${chosen.verb} ${name}: ${chosen.explains}`, width) : content;
}

/** What was typed, and the commands that contain it. */
export function paletteContent(found: readonly PaletteEntry[], text: string, row: number): Content {
  const draw = (entry: PaletteEntry, chosen: boolean): Line => [
    span(`${cell(entry.key, 6)} `, 'key'),
    span(entry.title, entry.why ? 'muted' : chosen ? 'selected' : undefined),
    span(entry.why ? `  not now: ${entry.why}` : '', 'warning'),
  ];
  const content = menu(found, row, draw, [[span(': ', 'key'), span(text), span(SYMBOL.bar, 'key')]]);
  return found.length > 0
    ? content
    : { ...content, count: 1, line: () => [span('  no command contains this')] };
}

/** A question with the target named. No is chosen until a person chooses otherwise. */
export function confirmContent(question: Question, yes: boolean): Content {
  const answer = (text: string, chosen: boolean): Line => [
    span(chosen ? `${SYMBOL.cursor} ` : '  ', 'key'),
    span(text, chosen ? 'badge' : undefined),
  ];
  const all: Line[] = [
    [span(`Really ${question.text}?`, 'strong')],
    ...(question.explains ? [[span(question.explains, 'muted')]] : []),
    [],
    [...answer(' No ', !yes), span('   '), ...answer(' Yes ', yes)],
  ];
  return { count: all.length, line: (index) => all[index] ?? [] };
}
