/** What a key press can ask for. Panels dispatch these names; the runtime knows what to do with them. */
export type CommandName =
  // things the runtime does
  | 'spike'
  | 'restart'
  | 'stop'
  | 'start'
  | 'kill'
  | 'pause'
  | 'unpause'
  | 'verify'
  | 'breaking-point'
  | 'harden'
  | 'undo-all'
  | 'inject'
  | 'cancel'
  // things the console does with itself
  | 'quit'
  | 'help'
  | 'palette'
  | 'filter'
  | 'freeze'
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

/** Sends a command to the runtime. `argument` is a service for `restart` and what else is done to one, a switch id for `harden`, a mode id for `inject`, a size for `spike`. */
export type Dispatch = (name: CommandName, argument?: string) => void;
