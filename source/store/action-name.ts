import { VERB_NAMES } from '../engines/verbs.js';

/** What the runtime can be asked to do: the names that keys and menus dispatch and that the progress line shows. */
export const ACTION_NAMES = [
  'spike',
  ...VERB_NAMES,
  'verify',
  'breaking-point',
  'harden',
  'undo-all',
  'inject',
  'cancel',
] as const;

export type ActionName = (typeof ACTION_NAMES)[number];

export const isAction = (name: string): name is ActionName =>
  (ACTION_NAMES as readonly string[]).includes(name);
