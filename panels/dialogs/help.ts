import { type Content, type Line, lines, span } from '../panel.js';
import type { KeyContext, KeyGroup } from '../ui/binding.js';
import { BINDINGS } from '../ui/keys.js';
import { cell, wrap } from '../widgets/fit.js';

const GROUPS: readonly { readonly id: KeyGroup; readonly title: string }[] = [
  { id: 'act', title: 'What changes things' },
  { id: 'look', title: 'Looking' },
  { id: 'move', title: 'Moving' },
  { id: 'console', title: 'The console' },
];

/** The binding table as a person reads it, with the reason for every key that does not work now. */
export function helpContent(context: KeyContext, width: number): Content {
  const all: Line[] = GROUPS.flatMap((group, index) => [
    ...(index > 0 ? [[]] : []),
    [span(group.title, 'title')],
    ...rowsOf(group.id, context, width),
  ]);
  return lines([
    ...all,
    [],
    [span('1–9, 0, m and w name the panels; the key stands in their title.', 'muted')],
  ]);
}

function rowsOf(group: KeyGroup, context: KeyContext, width: number): Line[] {
  const seen = new Set<string>();
  return BINDINGS.filter((binding) => binding.group === group).flatMap((binding) => {
    // The panel keys are one thing to explain.
    if (binding.command === 'panel') {
      if (seen.has('panel')) return [];
      seen.add('panel');
      return keyLines(
        '1 … 9, 0, m, w',
        'go to that panel; the same key once more opens it alone',
        undefined,
        width,
      );
    }
    return keyLines(binding.keys.join(', '), binding.help, binding.available(context), width);
  });
}

/** Columns for the keys. */
const KEYS = 17;

/** Key and sentence, each wrapped to the room there is; a reason stands on a line of its own. */
function keyLines(keys: string, help: string, why: string | undefined, width: number): Line[] {
  const room = Math.max(16, width - KEYS - 3);
  const lead = ' '.repeat(KEYS + 3);
  return [
    ...wrap(help, room).map(
      (text, index): Line => [
        span(index === 0 ? `  ${cell(keys, KEYS)} ` : lead, why ? 'muted' : 'key'),
        span(text),
      ],
    ),
    ...(why ? wrap(`not now: ${why}`, room).map((text): Line => [span(lead), span(text, 'warning')]) : []),
  ];
}
