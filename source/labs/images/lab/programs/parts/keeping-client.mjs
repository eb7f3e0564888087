/**
 * Asks a server that closes idle connections after PART_IDLE_MS: five connections, each used again about when that time
 * is up. The server's hint (Keep-Alive: timeout) is not heeded, as most proxies do not. Says each request that is lost.
 * Switch `shorter-pool`: it drops a connection itself after half of that time.
 */
import { Agent, get } from 'node:http';
import { complain, numberSetting, ready, setting, switchedOn } from './part.mjs';

const idleMs = numberSetting('PART_IDLE_MS', 1000);
const keptMs = switchedOn('shorter-pool') ? idleMs / 2 : 2 * idleMs;
const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT'), path: '/price' };

function keep() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.keepSocketAlive = (socket) => {
    socket.setTimeout(keptMs);
    return true;
  };
  const again = () => setTimeout(ask, idleMs - 20 + 80 * Math.random());
  function ask() {
    const request = get({ ...peer, agent }, (response) => response.resume().on('end', again));
    request.on('error', (error) => {
      complain(
        `GET /price: 502, ${error.code ?? error.message} on a connection that was ${request.reusedSocket ? 'kept' : 'new'}`,
      );
      again();
    });
  }
  ask();
}

for (let i = 0; i < 5; i++) keep();
ready();
