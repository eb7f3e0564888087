import type { History } from '../store/history.js';
import type { Input, Mode } from './mode.js';

/** Whether a source has given a sample that still speaks for the present; of several of one kind, whether any has. */
export function isRead({ latest }: History, input: Input): boolean {
  const kept: unknown = latest[input];
  if (kept === undefined) return false;
  const entries = isEntry(kept) ? [kept] : Object.values(kept as Record<string, { stale: boolean }>);
  return entries.some(({ stale }) => !stale);
}

const isEntry = (kept: unknown): kept is { readonly stale: boolean } =>
  typeof (kept as { stale?: unknown }).stale === 'boolean';

/** The inputs that a mode lacks here, `dns or http` where one of a group would do; empty when it can be judged. */
export function missingInputs(history: History, { inputs }: Pick<Mode, 'inputs'>): string[] {
  return inputs.flatMap((input) => {
    const group: readonly Input[] = typeof input === 'string' ? [input] : input;
    return group.some((one) => isRead(history, one)) ? [] : [group.join(' or ')];
  });
}
