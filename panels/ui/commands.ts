import type { ActionName } from '../../source/store/action-name.js';

/** What a key press can ask for: something of the runtime, or something that the console does with itself. */
export type CommandName =
  | ActionName
  | 'quit'
  | 'help'
  | 'palette'
  | 'filter'
  | 'older-match'
  | 'newer-match'
  | 'only-matches'
  | 'freeze'
  | 'toggle-risks'
  | 'hardening-menu'
  | 'scenario-menu'
  | 'service-menu'
  | 'spike-more'
  | 'spike-less'
  | 'next-panel'
  | 'previous-panel'
  | 'panel'
  | 'up'
  | 'down'
  | 'top'
  | 'bottom'
  | 'page-up'
  | 'page-down'
  | 'open'
  | 'back'
  | 'redraw';

/**
 * Sends an action to the runtime. `argument` is a service for what is done to one, a switch id for `harden`, a mode id
 * for `inject`, a size for `spike`.
 */
export type Dispatch = (name: ActionName, argument?: string) => void;
