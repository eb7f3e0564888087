import type { SeriesPoint } from '../source.js';
import type { CloseWaitHolder } from './sample.js';

/** Holders that have a series, in each network. */
const MOST_HOLDERS = 8;

/** What a holder's series is called; `container` is the network that it was seen in, null for the host's. */
export const closeWaitSignal = (
  { service, process }: Pick<CloseWaitHolder, 'service' | 'process'>,
  container: string | null,
): string =>
  `sockets.closeWait{${[container ?? service, process && `${process.name} ${process.pid}`].filter(Boolean).join('/')}}`;

/** How many connections that their peers have closed each holder has, the worst ones only. */
export function* closeWaitSeries(
  holders: readonly CloseWaitHolder[],
  container: string | null,
): Iterable<SeriesPoint> {
  for (const holder of holders.slice(0, MOST_HOLDERS))
    yield [closeWaitSignal(holder, container), holder.count];
}
