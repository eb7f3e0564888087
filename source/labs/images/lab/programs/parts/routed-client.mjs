/**
 * Asks a server by way of the router PART_ROUTER for a short answer and a long one, each twice a second on a connection of
 * its own, and waits for three seconds at most. Says what does not come, once a second.
 */
import { get } from 'node:http';
import { complain, numberSetting, ready, setting } from './part.mjs';
import { routeBy } from './route-by.mjs';

const GIVE_UP_MS = 3_000;
const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT'), agent: false };
let complained = 0;

function ask(path) {
  let bytes = 0;
  const asked = get({ ...peer, path }, (answer) => {
    answer.on('data', (chunk) => {
      bytes += chunk.length;
    });
    answer.on('error', () => {});
  });
  const timer = setTimeout(() => asked.destroy(new Error('ETIMEDOUT')), GIVE_UP_MS);
  asked.on('close', () => clearTimeout(timer));
  asked.on('error', (error) => {
    if (Date.now() - complained < 1000) return;
    complained = Date.now();
    complain(`GET ${path}: ${error.code ?? error.message} after ${bytes} bytes`);
  });
}

await routeBy(setting('PART_ROUTER'), peer.host);
setInterval(() => {
  ask('/');
  ask('/report');
}, 500);
ready();
