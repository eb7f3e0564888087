import type { ListenQueue } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isLocal, splitAddress } from './addresses.js';
import { fresh } from './values.js';

/** The listen queue behind an address of this host; undefined when nobody listens there, or it cannot be read. */
export function listenQueue(history: History, address: string): ListenQueue | undefined {
  if (!isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  return fresh(history.latest.sockets)?.listeners.find((queue) => queue.port === port);
}
