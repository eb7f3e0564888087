import { stateMask } from '../tcp-states.js';
import { type DumpOptions, dumpSockets } from './dump-sockets.js';

/** A listener's accept queue: how many connections wait in it, and how many may. */
export interface AcceptQueue {
  readonly queued: number;
  readonly backlog: number;
}

/**
 * The accept queue of who listens on a TCP port for a family now; of several that of the fullest. IPv4 is also taken by
 * who listens for both. The kernel walks listeners only, whatever else is open (0.1 ms). Undefined when nobody listens.
 */
export async function readListenQueue(
  port: number,
  family: 4 | 6,
  options: DumpOptions = {},
): Promise<AcceptQueue | undefined> {
  const own = await fullest(port, family, options);
  return own ?? (family === 4 ? await fullest(port, 6, options) : undefined);
}

async function fullest(port: number, family: 4 | 6, options: DumpOptions): Promise<AcceptQueue | undefined> {
  let most: AcceptQueue | undefined;
  await dumpSockets(
    { family, protocol: 'tcp', states: stateMask('LISTEN') },
    ({ localPort, rxQueue, txQueue }) => {
      if (localPort !== port || txQueue === null) return;
      const queue = { queued: rxQueue, backlog: txQueue };
      if (!most || fillOf(queue) > fillOf(most)) most = queue;
    },
    options,
  );
  return most;
}

const fillOf = ({ queued, backlog }: AcceptQueue): number => queued / Math.max(1, backlog);
