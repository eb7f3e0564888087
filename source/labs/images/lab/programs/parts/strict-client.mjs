/**
 * Asks a server by HTTPS PART_PER_SECOND times a second, on a connection each, as PART_SERVER_NAME and trusting PART_CA
 * alone, and logs why it was not answered, as its library words it.
 */
import { get } from 'node:https';
import { complain, numberSetting, ready, setting } from './part.mjs';

const options = {
  host: setting('PART_PEER_HOST'),
  port: numberSetting('PART_PEER_PORT'),
  servername: setting('PART_SERVER_NAME'),
  ca: setting('PART_CA'),
  agent: false,
  timeout: 2000,
};

function ask() {
  const request = get(options, (response) => response.resume());
  request.on('timeout', () => request.destroy(new Error('timed out')));
  request.on('error', ({ code, message }) =>
    complain(`payment of ${(Math.random() * 100).toFixed(2)} failed: ${code}: ${message}`),
  );
}

setInterval(ask, 1000 / numberSetting('PART_PER_SECOND', 2));
ready();
