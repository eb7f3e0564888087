import { BINDINGS, type KeyContext, type KeyGroup } from '../../source/terminal/keys.js';
import { type Content, type Line, lines, span } from '../panel.js';
import { cell } from '../widgets/fit.js';

const GROUPS: readonly { readonly id: KeyGroup; readonly title: string }[] = [
  { id: 'act', title: 'What changes things' },
  { id: 'look', title: 'Looking' },
  { id: 'move', title: 'Moving' },
  { id: 'console', title: 'The console' },
];

/** The binding table as a person reads it, with the reason for every key that does not work now. */
export function helpContent(context: KeyContext): Content {
  const all: Line[] = GROUPS.flatMap((group, index) => [
    ...(index > 0 ? [[]] : []),
    [span(group.title, 'title')],
    ...rowsOf(group.id, context),
  ]);
  return lines([...all, [], [span('1–9 and 0 name the panels; the number stands in their title.', 'muted')]]);
}

function rowsOf(group: KeyGroup, context: KeyContext): Line[] {
  const seen = new Set<string>();
  return BINDINGS.filter((binding) => binding.group === group).flatMap((binding) => {
    // The ten panel keys are one thing to explain.
    if (binding.command === 'panel') {
      if (seen.has('panel')) return [];
      seen.add('panel');
      return [keyLine('1 … 9, 0', 'go to that panel; the same key once more opens it alone', undefined)];
    }
    return [keyLine(binding.keys.join(', '), binding.help, binding.available(context))];
  });
}

function keyLine(keys: string, help: string, why: string | undefined): Line {
  return [
    span(`  ${cell(keys, 14)} `, why ? 'muted' : 'key'),
    span(help),
    span(why ? `  not now: ${why}` : '', 'warning'),
  ];
}
