/**
 * Asks servers in turn, PART_PER_SECOND requests in all, each on a connection of its own: PART_PEERS is their
 * `host:port`, separated by commas. It does not look whether one is well. Says each request that fails, at most one a second.
 */
import { get } from 'node:http';
import { complain, numberSetting, ready, setting } from './part.mjs';

const peers = setting('PART_PEERS')
  .split(',')
  .map((at) => new URL(`http://${at}/`));
let turn = 0;
let complained = 0;

setInterval(() => {
  const peer = peers[turn++ % peers.length];
  const request = get(peer, { agent: false, timeout: 2000 }, (response) => response.resume());
  request.on('timeout', () => request.destroy());
  request.on('error', (error) => {
    if (Date.now() - complained < 1000) return;
    complained = Date.now();
    complain(`502 from ${peer.host}: ${error.code ?? error.message}`);
  });
}, 1000 / numberSetting('PART_PER_SECOND', 12));
ready();
