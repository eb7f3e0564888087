import type { Socket } from 'node:net';

/** A connection that we closed stays in TIME-WAIT for a minute (tcp(7)); so long (ms) and a little more it is known as ours. */
const REMEMBERED_MS = 90_000;
const MOST = 8_192;

/** By both ports, of the process: whatever network it was made in. In the order of time. */
const made = new Map<string, number>();

const keyOf = (port: number, otherPort: number): string => `${port} ${otherPort}`;

/** Notes a connection that this program made to try whether one can be made. `now` is monotonic ms. */
export function noteOwnConnection(localPort: number, remotePort: number, now: number): void {
  made.delete(keyOf(localPort, remotePort));
  made.set(keyOf(localPort, remotePort), now);
  for (const [key, at] of made) {
    if (now - at <= REMEMBERED_MS && made.size <= MOST) break;
    made.delete(key);
  }
}

/**
 * Notes an attempt to connect to `port` that fails: what refuses us refuses no workload. To be called when the socket has just
 * been told to connect; the kernel has given it its own port by the next turn.
 */
export function noteOwnFailure(socket: Socket, port: number): void {
  let localPort: number | undefined;
  process.nextTick(() => {
    localPort = socket.localPort;
  });
  socket.once('error', () => {
    if (localPort !== undefined) noteOwnConnection(localPort, port, performance.now());
  });
}

/** Whether a socket is an end, either one, of such a connection: it says nothing of whom a workload needs. */
export const isOwnConnection = (localPort: number, remotePort: number): boolean =>
  made.has(keyOf(localPort, remotePort)) || made.has(keyOf(remotePort, localPort));
