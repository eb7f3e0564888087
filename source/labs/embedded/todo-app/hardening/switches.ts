/** Which hardening is on in this process; asked at each decision, so that a switch works on what is under way. */
export interface Switches {
  has(id: string): boolean;
  set(ids: readonly string[]): void;
  /** Called after each change. */
  onChange(listener: () => void): void;
}

export function createSwitches(initial: readonly string[]): Switches {
  let on = new Set(initial);
  const listeners: (() => void)[] = [];
  return {
    has: (id) => on.has(id),
    set(ids) {
      on = new Set(ids);
      for (const listener of listeners) listener();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
