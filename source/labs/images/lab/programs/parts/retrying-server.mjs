/**
 * An HTTP server that asks another one for each of its answers, on a connection of its own: it waits PART_PATIENCE_MS,
 * tries PART_TRIES times without a pause, and answers 503 then. Switch `retry-budget`: it tries again after growing
 * pauses with jitter, and no more often than for a tenth of its requests.
 */
import { createServer, get } from 'node:http';
import { complain, numberSetting, PORT, ready, setting, switchedOn } from './part.mjs';

const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT'), agent: false };
const patienceMs = numberSetting('PART_PATIENCE_MS', 500);
const tries = numberSetting('PART_TRIES', 6);
const hasBudget = switchedOn('retry-budget');
const BUDGET = 0.1;
const MOST_SAVED = 5;
const BASE_MS = 200;
let saved = MOST_SAVED;
let complained = 0;

/** One try; calls back once, with an error or none. */
function ask(done) {
  const asked = get(peer, (answer) => {
    answer.resume();
    answer.on('end', () => finish());
  });
  const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  let isOver = false;
  function finish(error) {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    done(error);
  }
  asked.on('error', finish);
}

function askAgain(response, tried, error) {
  if (!error) return void response.end('ok\n');
  if (response.destroyed) return;
  const mayTry = tried < tries && (!hasBudget || saved >= 1);
  if (!mayTry) {
    response.writeHead(503).end();
    return;
  }
  if (Date.now() - complained >= 1000) {
    complained = Date.now();
    complain(`${error.message}: attempt ${tried + 1} at ${peer.host}:${peer.port}`);
  }
  if (hasBudget) saved--;
  const pauseMs = hasBudget ? Math.random() * BASE_MS * 2 ** tried : 0;
  setTimeout(() => ask((again) => askAgain(response, tried + 1, again)), pauseMs);
}

const server = createServer((_request, response) => {
  saved = Math.min(MOST_SAVED, saved + BUDGET);
  ask((error) => askAgain(response, 1, error));
});
server.listen(PORT, () => ready(server.address().port));
