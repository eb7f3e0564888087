/**
 * Asks a server PART_PER_SECOND times a second on a new connection each time, and closes it itself: its local port is
 * kept in TIME-WAIT for a minute. Once all are, it can open none (EADDRNOTAVAIL) and says so, once a second. Switch
 * `keep-alive`: two connections are kept and used again.
 */
import { Agent, get } from 'node:http';
import { complain, numberSetting, ready, setting, switchedOn } from './part.mjs';

const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT') };
const keeps = switchedOn('keep-alive');
const kept = new Agent({ keepAlive: true, maxSockets: 2 });
const PATIENCE_MS = 5_000;
let complained = 0;

function ask() {
  // Keep-alive is asked for in any case: so the server does not close first.
  const agent = keeps ? kept : new Agent({ keepAlive: true });
  const request = get({ ...peer, agent, timeout: PATIENCE_MS }, (response) => {
    response.resume();
    if (!keeps) response.on('end', () => setImmediate(() => agent.destroy()));
  });
  request.on('timeout', () => request.destroy());
  request.on('error', (error) => {
    if (!keeps) agent.destroy();
    if (Date.now() - complained < 1000) return;
    complained = Date.now();
    complain(`${error.code ?? error.message}: cannot ask ${peer.host}:${peer.port}`);
  });
}

setInterval(ask, 1000 / numberSetting('PART_PER_SECOND', 30));
ready();
