import { joinHostPort } from '../../linux/ip-address.js';
import type { SeriesPoint } from '../source.js';
import type { PortUse } from './sample.js';

/** What its series is called: `sockets.localPorts{api: 10.0.0.2→10.0.0.3:6379}`; `container` is null for the host. */
export const portUseSignal = (
  { source, peer, port }: Pick<PortUse, 'source' | 'peer' | 'port'>,
  container: string | null,
): string => `sockets.localPorts{${container ?? 'host'}: ${source}→${joinHostPort(peer, port)}}`;

/** The share of the local ports that each server takes, 0 to 1; of those only that take half of them. */
export function* portUseSeries(all: readonly PortUse[], container: string | null): Iterable<SeriesPoint> {
  for (const one of all) yield [portUseSignal(one, container), one.taken / one.of];
}
