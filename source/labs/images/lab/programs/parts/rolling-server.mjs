/**
 * One of several servers, each of which answers after 150 ms, of a deployment that goes through once in three minutes: at its turn (PART_TURN, 0 first) it is
 * told to end, closes its port at once, and is back 5 s later. Switch `pre-stop-gap`: it is not ready any more at once,
 * serves on for 6 s, and ends then.
 */
import { createServer } from 'node:http';
import { numberSetting, PORT, ready, say, switchedOn } from './part.mjs';

const FIRST_MS = 8_000;
const TURN_MS = 14_000;
const EVERY_MS = 180_000;
const ANSWER_MS = 150;
const AWAY_MS = 5_000;
const GAP_MS = 6_000;
const gapMs = switchedOn('pre-stop-gap') ? GAP_MS : 0;
let isReady = true;

const server = createServer((request, response) => {
  if (request.url === '/ready' && !isReady) response.statusCode = 503;
  response.setHeader('Connection', 'close');
  setTimeout(() => response.end('today\n'), ANSWER_MS);
});

function replace() {
  setTimeout(replace, EVERY_MS);
  isReady = false;
  say('told to end');
  setTimeout(() => {
    const { port } = server.address();
    server.close(() => say('ended'));
    setTimeout(() => {
      server.listen(port, () => {
        isReady = true;
        say('the new one serves');
      });
    }, AWAY_MS);
  }, gapMs);
}

server.listen(PORT, () => {
  ready(server.address().port);
  setTimeout(replace, FIRST_MS + numberSetting('PART_TURN', 0) * TURN_MS);
});
