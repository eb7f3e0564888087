import { VERB_NAMES } from '../../source/engines/verbs.js';
import { act, type Binding, idle, label, onLab, own, searching } from './binding.js';

const PANEL_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'm', 'w', 'o', 'l', 'e'] as const;

/** The binding table. Its order is the order of the footer and of the help. */
export const BINDINGS: readonly Binding[] = [
  act(
    ['s'],
    'spike',
    (context) => `spike ${context.spikeSize}`,
    'send a traffic spike: many requests at once',
    onLab,
    idle,
  ),
  act(
    ['r'],
    'restart',
    (context) => `restart ${context.restartTarget ?? ''}`.trim(),
    'restart the service that the finding names, or the one under the cursor',
    idle,
    (context) => (context.restartTarget === null ? 'no service is known yet' : undefined),
  ),
  act(
    ['a'],
    'service-menu',
    label('act'),
    `${VERB_NAMES.slice(0, -1).join(', ')} or ${VERB_NAMES.at(-1)} the service under the cursor`,
    idle,
    (context) => (context.restartTarget === null ? 'no service is known yet' : undefined),
  ),
  act(
    ['v'],
    'verify',
    label('verify'),
    'replay the recovery checks: requests to the targets, which on the lab write one record',
    (context) =>
      context.lab || context.targets > 0 ? undefined : 'nothing to ask: start with `faultline --target URL`',
    idle,
  ),
  {
    ...act(['c'], 'cancel', label('cancel'), 'cancel the action that is running', (context) =>
      context.running === null ? 'nothing is running' : undefined,
    ),
    // Stopping what runs is never the dangerous choice.
    changesWorld: false,
  },
  act(['h'], 'hardening-menu', label('harden'), 'switch hardening of the lab on and off', onLab, (context) =>
    context.switches === 0 ? 'the lab has not said yet what it can switch' : undefined,
  ),
  act(['i'], 'scenario-menu', label('inject'), 'choose a failure and cause it', onLab, idle, (context) =>
    context.modes === 0 ? 'no failure can be caused here' : undefined,
  ),
  act(
    ['b'],
    'breaking-point',
    label('breaking point'),
    'raise the load step by step until the lab stops healing',
    onLab,
    idle,
  ),
  act(['u'], 'undo-all', label('undo all'), 'roll back every fault that is in place', idle, (context) =>
    context.faults === 0 ? 'no fault is in place' : undefined,
  ),
  act(['+', '='], 'spike-more', null, 'make the next spike larger', onLab),
  act(['-'], 'spike-less', null, 'make the next spike smaller', onLab),

  own(
    ['space'],
    'freeze',
    'look',
    (context) => (context.frozen ? 'go on' : 'freeze'),
    'freeze the picture, or let it go on; measuring never stops',
  ),
  own(
    ['/'],
    'filter',
    'look',
    (context) => (context.logs ? 'search' : 'filter'),
    'show only rows that contain a text; in the logs, search for it',
    (context) => (context.filterable ? undefined : 'this panel has no rows to filter'),
  ),
  own(
    ['n'],
    'older-match',
    'look',
    (context) => (searching(context) ? '' : 'older'),
    'in the logs: the line before that contains what is searched for',
    searching,
  ),
  own(
    ['N'],
    'newer-match',
    'look',
    (context) => (searching(context) ? '' : 'newer'),
    'in the logs: the line after that contains it',
    searching,
  ),
  own(
    ['f'],
    'only-matches',
    'look',
    null,
    'in the logs: only lines that contain it, or all of them again',
    searching,
  ),
  own(
    ['L'],
    'toggle-risks',
    'look',
    null,
    'hide latent risks (what is well now and will fail one day), or show them again',
  ),
  own([':'], 'palette', 'look', null, 'find and run any command by its name'),
  own(['tab', 'right'], 'next-panel', 'move', label('panel'), 'go to the next panel'),
  own(['shift-tab', 'left'], 'previous-panel', 'move', null, 'go to the panel before'),
  ...PANEL_KEYS.map(
    (key): Binding => ({
      ...own([key], 'panel', 'move', null, `go to panel ${key}; once more opens it alone`),
      argument: key,
    }),
  ),
  own(
    ['enter'],
    'open',
    'move',
    (context) => (context.alone ? '' : 'open'),
    'open the panel alone, with all it knows',
  ),
  own(
    ['esc'],
    'back',
    'move',
    (context) => (context.alone || context.filtered ? 'back' : ''),
    'close, clear, go back',
  ),
  own(['j', 'down'], 'down', 'move', null, 'one row down'),
  own(['k', 'up'], 'up', 'move', null, 'one row up'),
  own(['ctrl-d', 'pagedown'], 'page-down', 'move', null, 'ten rows down'),
  own(['ctrl-u', 'pageup'], 'page-up', 'move', null, 'ten rows up'),
  own(['g', 'home'], 'top', 'move', null, 'to the first row'),
  own(['G', 'end'], 'bottom', 'move', null, 'to the last row'),
  own(['ctrl-l', 'R'], 'redraw', 'console', null, 'draw the screen again'),
  own(
    ['?'],
    'help',
    'console',
    label('help'),
    'this list, with the reason for every key that does not work now',
  ),
  own(
    ['q', 'ctrl-c'],
    'quit',
    'console',
    label('quit'),
    'end the session: every fault is rolled back, the lab is closed',
  ),
];

/** The binding of a key, or undefined. */
export function bindingOf(key: string): Binding | undefined {
  return BINDINGS.find((binding) => binding.keys.includes(key));
}

/** The key that a person presses for a command ("r" for `restart`), or undefined when it has none. */
export function keyOf(command: string): string | undefined {
  return BINDINGS.find((binding) => binding.command === command)?.keys[0];
}
