/** Asks an HTTP server PART_PER_SECOND times a second on fresh connections, at most 100 at once, each for 10 s at most. */
import { get } from 'node:http';
import { numberSetting, ready, setting } from './part.mjs';

const MOST_AT_ONCE = 100;
const GIVE_UP_MS = 10_000;
const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT'), agent: false };
let underWay = 0;

function ask() {
  if (underWay >= MOST_AT_ONCE) return;
  underWay++;
  const asked = get(peer, (answer) => answer.resume());
  const timer = setTimeout(() => asked.destroy(), GIVE_UP_MS);
  asked.on('error', () => {});
  asked.on('close', () => {
    clearTimeout(timer);
    underWay--;
  });
}

setInterval(ask, 1000 / numberSetting('PART_PER_SECOND', 10));
ready();
