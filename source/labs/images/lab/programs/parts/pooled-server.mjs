/**
 * An HTTP server that asks another one for each of its answers, over a pool of PART_POOL connections that are kept: who
 * gets none within PART_WAIT_MS is answered 503. Switch `larger-pool`: 40 connections.
 */
import { Agent, createServer, get } from 'node:http';
import { complain, numberSetting, PORT, ready, setting, switchedOn } from './part.mjs';

const LARGER = 40;
const maxSockets = switchedOn('larger-pool') ? LARGER : numberSetting('PART_POOL', 3);
const agent = new Agent({ keepAlive: true, maxSockets });
const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT'), agent };
const waitMs = numberSetting('PART_WAIT_MS', 3000);
let complained = 0;

const server = createServer((_request, response) => {
  const asked = get(peer, (answer) => {
    answer.resume();
    answer.on('end', () => response.end('ok\n'));
  });
  const timer = setTimeout(() => asked.destroy(new Error('no answer over the pool in time')), waitMs);
  response.on('close', () => {
    clearTimeout(timer);
    asked.destroy();
  });
  asked.on('error', (error) => {
    if (response.writableEnded || response.destroyed) return;
    response.writeHead(503).end();
    if (Date.now() - complained < 1000) return;
    complained = Date.now();
    complain(`${error.message}: ${maxSockets} connections`);
  });
});
server.listen(PORT, () => ready(server.address().port));
