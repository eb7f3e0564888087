import type { Mode } from './mode.js';
import { meet } from './places.js';
import type { Extent } from './state.js';

/** What one finding can cause and where, and where it shows itself. */
export interface Causality {
  readonly mode: Pick<Mode, 'id' | 'aliases' | 'symptom' | 'explains' | 'followsFrom' | 'remainder'>;
  readonly extent: Extent;
}

/** Whether one mode can cause the symptoms of another at all, wherever they are. */
const explains = (cause: Causality, symptom: Causality): boolean =>
  (symptom.mode.remainder === true && cause.mode.remainder !== true) ||
  isAmong(symptom, cause.mode.explains) ||
  isAmong(cause, symptom.mode.followsFrom ?? []);

/** Whether its mode is meant by one of these ids, old ones understood. */
const isAmong = ({ mode: { id, aliases = [] } }: Causality, ids: readonly string[]): boolean =>
  ids.some((one) => one === id || aliases.includes(one));

/**
 * Whether a cause may have a part in a symptom: it explains its kind, and reaches a place at which it shows. What is left
 * over is explained by whatever else shows at its place, too.
 */
export const partOf = (cause: Causality, symptom: Causality): boolean =>
  !symptom.extent.inherent &&
  explains(cause, symptom) &&
  meet(symptom.extent.seenAt, placesOf(cause, symptom));

const placesOf = ({ extent }: Causality, { mode }: Causality): readonly string[] =>
  mode.remainder ? [...extent.radius, ...extent.seenAt] : extent.radius;

/** Whether these causes together reach every place at which a symptom shows: what is left over is its own trouble. */
export const reachAll = (causes: readonly Causality[], symptom: Causality): boolean =>
  causes.length > 0 &&
  (symptom.mode.remainder === true ||
    symptom.extent.seenAt.every((place) => causes.some(({ extent }) => meet([place], extent.radius))));
