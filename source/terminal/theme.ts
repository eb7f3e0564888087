/** Meanings and their looks. Named colours only, so that light and dark terminals show their own shades. */

export type Tone =
  | 'plain'
  | 'strong'
  | 'muted'
  | 'frame'
  | 'frameSelected'
  | 'title'
  | 'key'
  | 'ok'
  | 'notice'
  | 'warning'
  | 'critical'
  | 'unknown'
  | 'badge'
  | 'selected';

export interface Look {
  /** One of the 16 named colours, or none for the terminal's own. */
  readonly color?:
    | 'red'
    | 'green'
    | 'yellow'
    | 'blue'
    | 'magenta'
    | 'cyan'
    | 'gray'
    | 'redBright'
    | 'cyanBright';
  readonly bold?: boolean;
  readonly inverse?: boolean;
}

/** No meaning is told by colour alone: each is drawn beside a symbol and a word. Essential text is never dimmed. */
export const THEME: Readonly<Record<Tone, Look>> = {
  plain: {},
  strong: { bold: true },
  muted: { color: 'gray' },
  frame: { color: 'gray' },
  frameSelected: { color: 'cyan', bold: true },
  title: { bold: true },
  key: { color: 'cyan', bold: true },
  ok: { color: 'green' },
  notice: { color: 'cyan' },
  warning: { color: 'yellow' },
  critical: { color: 'red', bold: true },
  unknown: { color: 'magenta' },
  badge: { inverse: true, bold: true },
  selected: { bold: true },
};
