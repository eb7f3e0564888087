/**
 * A balancer of HTTP servers (PART_PEERS, `host:port` separated by commas), asked in turn on a connection for each request.
 * It looks every 2 s at /ready of each, leaves one out after two checks in vain and takes it back after one that was good. A
 * request whose server does not take it is answered 502. Says the first of each second.
 */
import { createServer, get } from 'node:http';
import { complain, PORT, ready, setting } from './part.mjs';

const CHECK_MS = 2_000;
const FALL = 2;
const peers = setting('PART_PEERS')
  .split(',')
  .map((at) => ({ at, url: new URL(`http://${at}/`), inVain: 0 }));
let turn = 0;
let complained = 0;

function ask(url, then) {
  const asked = get(url, { agent: false, timeout: 2_000 }, (answer) => {
    answer.resume();
    answer.on('end', () => then(answer.statusCode));
  });
  asked.on('timeout', () => asked.destroy());
  asked.on('error', (error) => then(502, error));
}

function check() {
  for (const peer of peers)
    ask(new URL('/ready', peer.url), (status) => {
      peer.inVain = status === 200 ? 0 : peer.inVain + 1;
    });
}

const server = createServer((_request, response) => {
  const listed = peers.filter(({ inVain }) => inVain < FALL);
  const peer = listed[turn++ % listed.length];
  response.setHeader('Connection', 'close');
  if (!peer) return void response.writeHead(503).end();
  ask(peer.url, (status, error) => {
    response.writeHead(status).end();
    if (!error || Date.now() - complained < 1_000) return;
    complained = Date.now();
    complain(`502: ${peer.at} is listed, and ${error.code ?? error.message}`);
  });
});
setInterval(check, CHECK_MS);
server.listen(PORT, () => ready(server.address().port));
