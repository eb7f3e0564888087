/**
 * Answers at once and closes a connection that was idle for PART_IDLE_MS. Its process stalls for 80 ms of each 100, as
 * one does that collects garbage or reads from a slow disk: what comes in meanwhile lies unread when the time is up, and
 * the connection is closed with it: a reset.
 */
import { createServer } from 'node:http';
import { numberSetting, PORT, ready } from './part.mjs';

const server = createServer((_, response) => response.end('12.50\n'));
server.keepAliveTimeout = numberSetting('PART_IDLE_MS', 1000);
// Node since 22 closes a second later than it says.
server.keepAliveTimeoutBuffer = 0;

const never = new Int32Array(new SharedArrayBuffer(4));
setInterval(() => Atomics.wait(never, 0, 0, 80), 100);
server.listen(PORT, () => ready(server.address().port));
