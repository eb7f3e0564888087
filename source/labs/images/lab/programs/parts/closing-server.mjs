/**
 * Answers at once and closes each connection that was idle for PART_IDLE_MS. Its process stalls for 80 ms of each 100,
 * as one does that collects garbage or reads from a slow disk, and then looks for what is idle before it reads: a
 * request that came in meanwhile lies unread, and its connection is closed under it by a reset.
 */
import { createServer } from 'node:http';
import { numberSetting, PORT, ready } from './part.mjs';

const idleMs = numberSetting('PART_IDLE_MS', 1000);
/** Connections by when (ms) they were last answered; none while a request is being read. */
const idleSince = new Map();

const server = createServer(({ socket }, response) => {
  idleSince.delete(socket);
  response.on('finish', () => idleSince.set(socket, Date.now()));
  response.end('12.50\n');
});
server.on('connection', (socket) => socket.on('close', () => idleSince.delete(socket)));
// Node's own limit says when it is up, and is not checked after a stall.
server.keepAliveTimeout = 0;

const never = new Int32Array(new SharedArrayBuffer(4));
function stall() {
  Atomics.wait(never, 0, 0, 80);
  for (const [socket, since] of idleSince) if (Date.now() - since >= idleMs) socket.destroy();
  setTimeout(stall, 20);
}
stall();
server.listen(PORT, () => ready(server.address().port));
