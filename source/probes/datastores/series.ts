import { orNaN, type SeriesPoint } from '../source.js';
import type { DatastoresSample } from './sample.js';

/** By server: 1 while it answers, 0 while it does not, NaN while it was not asked; and what it takes to answer. */
export function* datastoresSeries({ datastores }: DatastoresSample): Iterable<SeriesPoint> {
  for (const { address, state, answerMs, clients, slots } of datastores) {
    if (state === 'unasked' || state === 'other') continue;
    yield [`datastores.ok{${address}}`, state === 'alive' ? 1 : 0];
    yield [`datastores.ms{${address}}`, orNaN(answerMs)];
    yield [`datastores.clients{${address}}`, orNaN(slots?.held ?? clients)];
  }
}
