import { isLocal, splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { ListenQueue } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';

/** The listen queue behind a local address, or undefined when it cannot be read. */
export function queueAt(history: History, address: string): ListenQueue | undefined {
  if (!isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  return fresh(history.latest.sockets)?.listeners.find((queue) => queue.port === port);
}
