import type { FaultlineState } from '../../source/store/state.js';
import { PANELS } from '../list.js';
import type { ModeChoice } from '../options.js';
import type { KeyContext } from '../ui/binding.js';
import type { CommandName } from '../ui/commands.js';
import { BINDINGS, bindingOf } from '../ui/keys.js';
import { serviceChoices } from './service-menu.js';

/** One line of the command palette. */
export interface PaletteEntry {
  readonly title: string;
  readonly key: string;
  readonly command: CommandName;
  readonly argument?: string;
  /** Why it cannot be run now, or undefined. */
  readonly why: string | undefined;
}

/** Every command that can be named, those with a target once for each target. */
export function paletteEntries(
  state: FaultlineState,
  context: KeyContext,
  modes: readonly ModeChoice[],
): readonly PaletteEntry[] {
  const why = (key: string) => bindingOf(key)?.available(context);
  const simple = BINDINGS.filter(
    (binding) => binding.group !== 'move' && binding.command !== 'palette' && binding.command !== 'restart',
  ).map(
    (binding): PaletteEntry => ({
      title: `${binding.command.replaceAll('-', ' ')}: ${binding.help}`,
      key: binding.keys[0] ?? '',
      command: binding.command,
      why: binding.available(context),
    }),
  );
  const services = state.latest.services?.sample.services ?? [];
  return [
    ...simple,
    ...services.flatMap(({ name }) =>
      serviceChoices(state, name).map(
        (choice): PaletteEntry => ({
          title: `${choice.verb} ${name}`,
          key: '',
          command: choice.verb,
          argument: name,
          why: why('r') ?? choice.why,
        }),
      ),
    ),
    ...state.hardening.map(
      (item): PaletteEntry => ({
        title: `harden ${item.id}: turn ${item.title} ${item.on ? 'off' : 'on'}`,
        key: '',
        command: 'harden',
        argument: item.id,
        why: why('h'),
      }),
    ),
    ...modes.map(
      (mode): PaletteEntry => ({
        title: `inject ${mode.id}: ${mode.title}`,
        key: '',
        command: 'inject',
        argument: mode.id,
        why: why('i'),
      }),
    ),
    ...PANELS.map(
      (panel): PaletteEntry => ({
        title: `panel ${panel.title}`,
        key: panel.key,
        command: 'panel',
        argument: panel.key,
        why: undefined,
      }),
    ),
  ];
}

/** Entries that contain every word of the text; those that can be run come first. */
export function paletteMatches(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  const words = text.toLowerCase().split(' ').filter(Boolean);
  const found = entries.filter((entry) => words.every((word) => entry.title.toLowerCase().includes(word)));
  return [...found.filter((entry) => !entry.why), ...found.filter((entry) => entry.why)];
}
