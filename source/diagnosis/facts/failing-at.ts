import type { History } from '../../store/history.js';
import { placeOf } from '../places.js';
import { database } from './database.js';
import { failing, type TargetView } from './http.js';

/** What fails at these places: the targets there, and whether anything does, the database with them. */
export function failingAt(
  history: History,
  places: readonly string[],
): { readonly targets: readonly TargetView[]; readonly any: boolean } {
  const targets = failing(history).filter(({ address }) => places.includes(placeOf(address)));
  const sample = database(history);
  const databaseFails =
    sample !== undefined && sample.failure !== null && places.includes(placeOf(sample.address));
  return { targets, any: targets.length > 0 || databaseFails };
}
