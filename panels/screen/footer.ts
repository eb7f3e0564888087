import { width } from '../../source/terminal/sanitise.js';
import { type Line, type Span, span } from '../panel.js';
import type { KeyContext } from '../ui/binding.js';
import type { CommandName } from '../ui/commands.js';
import { BINDINGS } from '../ui/keys.js';
import type { Dialog } from '../ui/state.js';

/** Which keys matter most where not all of them fit. */
const WORTH: readonly CommandName[] = [
  'help',
  'quit',
  'cancel',
  'back',
  'restart',
  'spike',
  'service-menu',
  'verify',
  'undo-all',
  'hardening-menu',
  'next-panel',
  'inject',
  'scenario-menu',
  'freeze',
  'filter',
  'open',
  'breaking-point',
];

const DIALOG_KEYS: Readonly<Record<Dialog['kind'], readonly (readonly [string, string])[]>> = {
  help: [
    ['j k', 'scroll'],
    ['esc', 'close'],
  ],
  filter: [
    ['enter', 'keep'],
    ['esc', 'clear'],
  ],
  palette: [
    ['↑ ↓', 'choose'],
    ['enter', 'run'],
    ['esc', 'close'],
  ],
  hardening: [
    ['j k', 'choose'],
    ['enter', 'switch'],
    ['esc', 'close'],
  ],
  scenarios: [
    ['j k', 'choose'],
    ['enter', 'cause it'],
    ['esc', 'close'],
  ],
  service: [
    ['j k', 'choose'],
    ['enter', 'do it'],
    ['esc', 'close'],
  ],
  confirm: [
    ['y', 'yes'],
    ['n', 'no'],
    ['esc', 'close'],
  ],
};

/** The keys that work now, as many as fit, in the order of the table. */
export function footerLine(context: KeyContext, dialog: Dialog | null, columns: number): Line {
  if (dialog) return hints(DIALOG_KEYS[dialog.kind]);
  const usable = BINDINGS.flatMap((binding) => {
    const text = binding.label?.(context) ?? '';
    return text === '' || binding.available(context) ? [] : [{ binding, text }];
  });
  // Neither a frozen picture nor a fault that is in place may stand without the way out of it.
  const wayOut = (command: CommandName) =>
    (context.frozen && command === 'freeze') || (context.faults > 0 && command === 'undo-all');
  const rank = (command: CommandName) => (wayOut(command) ? -1 : worth(command));
  const byWorth = [...usable].sort((a, b) => rank(a.binding.command) - rank(b.binding.command));
  const kept = new Set<(typeof usable)[number]>();
  // Two blanks between two keys where room is short.
  const gap = columns < 100 ? 2 : 3;
  let used = 1;
  for (const item of byWorth) {
    const size = width(`${item.binding.keys[0]} ${item.text}`) + gap;
    if (used + size > columns + gap - 1) continue;
    used += size;
    kept.add(item);
  }
  return hints(
    usable.filter((item) => kept.has(item)).map((item) => [item.binding.keys[0] ?? '', item.text] as const),
    gap,
  );
}

function worth(command: CommandName): number {
  const index = WORTH.indexOf(command);
  return index < 0 ? WORTH.length : index;
}

function hints(items: readonly (readonly [string, string])[], gap = 3): Line {
  return items.flatMap(([key, text], index): Span[] => [
    span(index === 0 ? ' ' : ' '.repeat(gap)),
    span(key, 'key'),
    span(` ${text}`),
  ]);
}
