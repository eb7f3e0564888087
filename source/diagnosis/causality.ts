import type { Reach } from './signature.js';

/** What one finding can cause, and where. */
export interface Causality extends Reach {
  readonly explains: readonly string[];
}

/** Whether a cause may have a part in a symptom: it explains its kind, and they meet somewhere. */
export function partOf(cause: Causality, id: string, symptom: Reach): boolean {
  if (cause.idle || symptom.inherent || !cause.explains.includes(id)) return false;
  const { reaches } = cause;
  const { seenAt } = symptom;
  return !reaches || !seenAt || seenAt.length === 0 || seenAt.some((place) => reaches.includes(place));
}

/** Whether these causes together reach every place at which a symptom shows: what is left over is its own trouble. */
export function reachAll(causes: readonly Causality[], { seenAt = [] }: Reach): boolean {
  return (
    causes.length > 0 &&
    seenAt.every((place) => causes.some(({ reaches }) => reaches?.includes(place) ?? true))
  );
}
