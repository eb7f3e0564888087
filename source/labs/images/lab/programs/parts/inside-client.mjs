/**
 * Lives in the private network PART_INSIDE, at its second address, and asks a server outside through the router at the
 * first one: once for each request to it, and once a second by itself, each time on a new connection.
 */
import { execFileSync } from 'node:child_process';
import { createServer, get } from 'node:http';
import { complain, numberSetting, PORT, ready, setting } from './part.mjs';

const inside = setting('PART_INSIDE');
const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT', 80), agent: false };
const PATIENCE_MS = 4_000;
const MOST = 20;
let underWay = 0;
execFileSync('ip', [
  'address',
  'replace',
  `${inside}.2/${numberSetting('PART_INSIDE_BITS', 24)}`,
  'dev',
  'eth0',
]);
execFileSync('ip', ['route', 'replace', peer.host, 'via', `${inside}.1`, 'src', `${inside}.2`]);

function ask(done) {
  if (underWay >= MOST) return done('busy');
  underWay++;
  const request = get(peer, (response) => response.resume().on('end', () => end(undefined)));
  const timer = setTimeout(
    () => request.destroy(new Error(`no answer in ${PATIENCE_MS / 1_000} s`)),
    PATIENCE_MS,
  );
  request.on('error', ({ message }) => end(message));
  let ended = false;
  function end(trouble) {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    underWay--;
    if (trouble) complain(`GET ${peer.host}:${peer.port}: ${trouble}`);
    done(trouble);
  }
}

setInterval(() => ask(() => undefined), 1_000);
const server = createServer((_request, response) =>
  ask((trouble) => {
    response.statusCode = trouble ? 504 : 200;
    response.end(`${trouble ?? 'ok'}\n`);
  }),
);
server.listen(PORT, () => ready(server.address().port));
