import { isVerb, VERBS } from '../../source/engines/verbs.js';
import { type ActionName, isAction } from '../../source/store/action-name.js';
import { pressInDialog } from '../dialogs/dialog-keys.js';
import { PANELS } from '../list.js';
import type { CommandName } from './commands.js';
import { keyContext, restartTarget } from './context.js';
import { freeze } from './freeze.js';
import type { ControllerOptions } from './hands.js';
import { bindingOf } from './keys.js';
import { pictureOf } from './log-reading.js';
import { findInLogs, moveCursor, neighbour, startRow } from './moves.js';
import { type Dialog, FOLLOWING, type Notice, type UiState } from './state.js';

/** Smallest and largest spike, and the step of + and -: a load for a lab, not a weapon. */
export const SPIKE = { least: 20, most: 400, step: 20 };

export interface Controller {
  /** Takes one key by its name (`source/terminal/key-input.ts`). */
  press(key: string): void;
  /** Runs a command as if its key had been pressed; asks first where that is wanted. */
  run(command: CommandName, argument?: string): void;
}

const MOVES: readonly CommandName[] = ['up', 'down', 'top', 'bottom', 'page-up', 'page-down'];

/** Turns keys into commands: those of the console it carries out itself, all others it dispatches. */
export function createController(options: ControllerOptions): Controller {
  const { store, ui, dispatch } = options;
  const set = (part: Partial<UiState>) => ui.setState(part);
  const say = (text: string, kind: Notice['kind'] = 'told') =>
    set({ notice: { kind, text, at: store.getState().now } });
  const open = (dialog: Dialog | null) => set({ dialog });

  const send = (command: ActionName, argument: string | undefined) => {
    say(`${describe(command, argument)} …`);
    dispatch(command, argument);
  };

  const run = (command: CommandName, argument?: string) => {
    const state = store.getState();
    const now = ui.getState();
    if (MOVES.includes(command)) return set(moveCursor(pictureOf(state, now), now, options.size(), command));
    if (isAction(command)) {
      // Stopping what runs is never the dangerous choice.
      if (command === 'cancel') return send(command, undefined);
      const target = argument ?? defaultArgument(command);
      if (!options.confirm) return send(command, target);
      return open({
        kind: 'confirm',
        question: { command, argument: target, text: describe(command, target), ...explain(command) },
        yes: false,
      });
    }
    own(command, argument);
  };

  const defaultArgument = (command: ActionName): string | undefined => {
    if (command === 'spike') return String(ui.getState().spikeSize);
    return isVerb(command) ? targetNow() : undefined;
  };

  const targetNow = (): string | undefined => restartTarget(store.getState(), ui.getState()) ?? undefined;

  const describe = (command: ActionName, argument: string | undefined): string => {
    if (command === 'spike') return `traffic spike of ${argument} requests at once`;
    if (command === 'verify') return 'recovery checks (each target is asked once)';
    if (command === 'undo-all') return 'undo every fault in place';
    if (command === 'harden') return `switch ${titleOf(argument, store.getState().hardening)}`;
    if (command === 'inject') return `cause: ${titleOf(argument, options.modes)}`;
    return `${command.replaceAll('-', ' ')}${argument ? ` ${argument}` : ''}`;
  };

  const own = (command: CommandName, argument: string | undefined) => {
    const now = ui.getState();
    if (command === 'quit') return options.exit();
    if (command === 'redraw') return options.redraw?.();
    if (command === 'help') return open({ kind: 'help', top: 0 });
    if (command === 'palette') return open({ kind: 'palette', text: '', row: 0 });
    if (command === 'filter') return open({ kind: 'filter', text: now.filters[now.selected] ?? '' });
    if (command === 'hardening-menu') return open({ kind: 'hardening', row: 0 });
    if (command === 'scenario-menu') return open({ kind: 'scenarios', row: 0 });
    if (command === 'service-menu') {
      const service = targetNow();
      return service === undefined ? undefined : open({ kind: 'service', service, row: 0 });
    }
    if (command === 'older-match' || command === 'newer-match') {
      const direction = command === 'older-match' ? 'older' : 'newer';
      return set(findInLogs(pictureOf(store.getState(), now), now, options.size(), direction));
    }
    if (command === 'only-matches')
      return set({ logs: { ...FOLLOWING, only: !now.logs.only }, cursors: { ...now.cursors, logs: null } });
    if (command === 'freeze') return set({ frozen: now.frozen ? null : freeze(store.getState()) });
    if (command === 'toggle-risks') {
      set({ risksHidden: !now.risksHidden });
      return say(now.risksHidden ? 'latent risks are shown: l lists them' : 'latent risks are hidden');
    }
    if (command === 'spike-more' || command === 'spike-less')
      return resize(command === 'spike-more' ? 1 : -1);
    if (command === 'next-panel') return set({ selected: neighbour(store.getState(), now.selected, 1) });
    if (command === 'previous-panel') return set({ selected: neighbour(store.getState(), now.selected, -1) });
    if (command === 'open') return set({ alone: true, ...fromTop(now) });
    if (command === 'back') return back();
    if (command === 'panel') {
      const panel = PANELS.find((one) => one.key === argument);
      if (panel) set(panel.id === now.selected ? { alone: true, ...fromTop(now) } : { selected: panel.id });
    }
  };

  /** What a container's row opens is another text, and its cursor another place. */
  const fromTop = ({ selected, cursors }: UiState): Partial<UiState> =>
    selected === 'inside' ? { cursors: { ...cursors, inside: null } } : {};

  const atRow = (now: UiState): Partial<UiState> =>
    now.selected === 'inside'
      ? { cursors: { ...now.cursors, inside: startRow(now.frozen ?? store.getState(), now) } }
      : {};

  const resize = (by: number) => {
    const wanted = ui.getState().spikeSize + by * SPIKE.step;
    const spikeSize = Math.max(SPIKE.least, Math.min(SPIKE.most, wanted));
    set({ spikeSize });
    say(`the next spike sends ${spikeSize} requests at once`);
  };

  /** One thing a press: the filter, reading the logs, the panel opened alone, the cursor. */
  const back = () => {
    const now = ui.getState();
    const follow =
      now.selected === 'logs' ? { logs: FOLLOWING, cursors: { ...now.cursors, logs: null } } : {};
    if ((now.filters[now.selected] ?? '') !== '')
      set({ filters: { ...now.filters, [now.selected]: '' }, ...follow });
    else if (now.selected === 'logs' && now.logs.held) set(follow);
    else if (now.alone) set({ alone: false, ...atRow(now) });
    else set({ cursors: { ...now.cursors, [now.selected]: null }, chosenService: null });
  };

  const press = (key: string) => {
    const now = ui.getState();
    if (key === 'ctrl-c') return options.exit();
    if (key === 'ctrl-l') return options.redraw?.();
    if (now.dialog) return pressInDialog(key, now.dialog, { ...options, run, send, open, set });
    const binding = bindingOf(key);
    if (!binding) return;
    const why = binding.available(keyContext(store.getState(), now, options.modes.length));
    if (why) return say(`${binding.keys[0]} does not work now: ${why}`, 'refused');
    run(binding.command, binding.argument);
  };
  return { press, run };
}

const explain = (command: ActionName): { readonly explains?: string } =>
  isVerb(command) ? { explains: VERBS[command].touches } : {};

function titleOf(
  id: string | undefined,
  all: readonly { readonly id: string; readonly title: string }[],
): string {
  return all.find((one) => one.id === id)?.title ?? id ?? '';
}
