import type { CommandName } from './commands.js';

/** What decides whether a key works right now. */
export interface KeyContext {
  readonly readOnly: boolean;
  /** A lab is there: load and faults may only be aimed at it. */
  readonly lab: boolean;
  /** HTTP targets that are probed. */
  readonly targets: number;
  /** Title of the action that is running, or null. */
  readonly running: string | null;
  /** Service that `r` would restart, or null. */
  readonly restartTarget: string | null;
  /** Faults that are in place. */
  readonly faults: number;
  readonly switches: number;
  readonly modes: number;
  readonly spikeSize: number;
  readonly frozen: boolean;
  /** The selected panel has rows that can be filtered. */
  readonly filterable: boolean;
  /** A panel is open alone. */
  readonly alone: boolean;
  readonly filtered: boolean;
  /** The logs are the selected panel: they are searched, not filtered. */
  readonly logs: boolean;
}

export type KeyGroup = 'act' | 'look' | 'move' | 'console';

/** One row of the table that dispatch, footer, palette and help are made from. */
export interface Binding {
  /** Names as `keyNames` gives them; the first is the one shown. */
  readonly keys: readonly string[];
  readonly command: CommandName;
  readonly argument?: string;
  /** For the footer, or null when the key is not worth the room there. */
  readonly label: ((context: KeyContext) => string) | null;
  /** One sentence for the help. */
  readonly help: string;
  readonly group: KeyGroup;
  /** It changes something outside the console: hidden by `--read-only`, confirmed outside the lab. */
  readonly changesWorld: boolean;
  /** Why it does not work now, or undefined when it does. */
  readonly available: (context: KeyContext) => string | undefined;
}

const always = (): undefined => undefined;
export const onLab = (context: KeyContext) =>
  context.lab ? undefined : 'needs the lab: start with `faultline demo`';
export const idle = (context: KeyContext) =>
  context.running === null ? undefined : `"${context.running}" is running: c cancels it`;
export const searching = (context: KeyContext) =>
  context.logs && context.filtered ? undefined : 'needs a search in the logs: 9, then / and a text';
export const label = (text: string) => () => text;

/** A key that changes something outside the console: hidden by `--read-only`, and not before its conditions hold. */
export function act(
  keys: readonly string[],
  command: CommandName,
  footer: Binding['label'],
  help: string,
  ...conditions: ((context: KeyContext) => string | undefined)[]
): Binding {
  return {
    keys,
    command,
    label: footer,
    help,
    group: 'act',
    changesWorld: true,
    available: (context) => {
      if (context.readOnly)
        return command === 'verify'
          ? 'it sends requests, and this console only looks (--read-only)'
          : 'this console only looks (--read-only)';
      for (const condition of conditions) {
        const why = condition(context);
        if (why) return why;
      }
      return undefined;
    },
  };
}

/** A key for something that the console does with itself. */
export function own(
  keys: readonly string[],
  command: CommandName,
  group: KeyGroup,
  footer: Binding['label'],
  help: string,
  available: Binding['available'] = always,
): Binding {
  return { keys, command, label: footer, help, group, changesWorld: false, available };
}
