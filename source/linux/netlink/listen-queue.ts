import { stateMask } from '../tcp-states.js';
import { type DumpOptions, dumpSockets } from './dump-sockets.js';

/** A listener's accept queue: how many connections wait in it, and how many may. */
export interface AcceptQueue {
  readonly queued: number;
  readonly backlog: number;
}

/**
 * The accept queue of who listens on a TCP port now; of several that of the fullest. The kernel walks listeners only,
 * whatever else is open (0.1 ms). Undefined when nobody listens.
 */
export async function readListenQueue(
  port: number,
  options: DumpOptions = {},
): Promise<AcceptQueue | undefined> {
  let fullest: AcceptQueue | undefined;
  for (const family of [4, 6] as const)
    await dumpSockets(
      { family, protocol: 'tcp', states: stateMask('LISTEN') },
      ({ localPort, rxQueue, txQueue }) => {
        if (localPort !== port || txQueue === null) return;
        const queue = { queued: rxQueue, backlog: txQueue };
        if (!fullest || fillOf(queue) > fillOf(fullest)) fullest = queue;
      },
      options,
    );
  return fullest;
}

const fillOf = ({ queued, backlog }: AcceptQueue): number => queued / Math.max(1, backlog);
