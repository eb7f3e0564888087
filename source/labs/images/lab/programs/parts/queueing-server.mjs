/**
 * An HTTP server of PART_WORKERS workers that take PART_ANSWER_MS for each answer. What comes waits its turn, first come
 * first served, and is worked on and answered although its caller may have left; beyond 60 that wait it is left without a
 * word. Once, 8 s after it was first asked, each answer takes PART_SLOW_MS, for 4 s.
 */
import { createServer } from 'node:net';
import { numberSetting, PORT, ready, say } from './part.mjs';

const WELL_MS = 8_000;
const SLOW_FOR_MS = 4_000;
const LONGEST_QUEUE = 60;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n';
const workers = numberSetting('PART_WORKERS', 2);
const waiting = [];
let takesMs = numberSetting('PART_ANSWER_MS', 80);
let busy = 0;
let wasAsked = false;

function takes(ms) {
  takesMs = ms;
  say(`each answer takes ${ms} ms`);
}

function next() {
  if (busy >= workers || waiting.length === 0) return;
  const socket = waiting.shift();
  busy++;
  setTimeout(() => {
    busy--;
    socket.end(ANSWER);
    next();
  }, takesMs);
}

function take(socket) {
  if (waiting.length >= LONGEST_QUEUE) {
    socket.on('end', () => socket.destroy());
    return;
  }
  waiting.push(socket);
  next();
}

// Who leaves has closed his half alone: his request is still worked on.
const server = createServer({ allowHalfOpen: true }, (socket) => {
  const onEnd = () => socket.destroy();
  socket.on('error', () => {});
  socket.once('end', onEnd);
  socket.once('data', () => {
    socket.off('end', onEnd);
    if (!wasAsked) {
      wasAsked = true;
      setTimeout(takes, WELL_MS, numberSetting('PART_SLOW_MS', 800)).unref();
      setTimeout(takes, WELL_MS + SLOW_FOR_MS, takesMs).unref();
    }
    take(socket);
  });
  socket.resume();
});
server.listen(PORT, () => ready(server.address().port));
