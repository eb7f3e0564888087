/**
 * Asks a server by way of the router PART_ROUTER over kept connections: one of them each second, eight others each
 * PART_IDLE_MS and a little more after the last answer. An answer is waited for PART_GIVE_UP_MS, and then, or after a
 * failure, a new connection is opened. Says each request that is lost. Switch `keep-alive`: TCP keep-alive each 2 s.
 */
import { Agent, get } from 'node:http';
import { complain, numberSetting, ready, setting, switchedOn } from './part.mjs';
import { routeBy } from './route-by.mjs';

const IDLE = 8;
const idleMs = numberSetting('PART_IDLE_MS', 7_000);
const giveUpMs = numberSetting('PART_GIVE_UP_MS', 8_000);
const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT'), path: '/' };
const keepAliveMs = switchedOn('keep-alive') ? 2_000 : undefined;

function keep(pauseMs) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.keepSocketAlive = () => true;
  let used = Date.now();
  const again = () => {
    used = Date.now();
    setTimeout(ask, pauseMs());
  };
  function ask() {
    const idle = ((Date.now() - used) / 1000).toFixed(1);
    const asked = get({ ...peer, agent }, (answer) => answer.resume().on('end', again));
    // An agent's own keep-alive begins once a connection is idle, and cannot be turned off.
    asked.on('socket', (socket) => socket.setKeepAlive(keepAliveMs !== undefined, keepAliveMs));
    const timer = setTimeout(() => asked.destroy(new Error('ETIMEDOUT')), giveUpMs);
    asked.on('close', () => clearTimeout(timer));
    asked.on('error', (error) => {
      complain(
        `GET /: ${error.code ?? error.message} on a connection that was ${asked.reusedSocket ? `idle for ${idle} s` : 'new'}`,
      );
      again();
    });
  }
  ask();
}

await routeBy(setting('PART_ROUTER'), peer.host);
keep(() => 1_000);
for (let i = 0; i < IDLE; i++) setTimeout(() => keep(() => idleMs + 3_000 * Math.random()), 300 * i);
ready();
