/**
 * A client that waits for its server to speak first, which it does not: it gives up after 2 s and opens the next at
 * once, PART_PER_SECOND a second. Switch `reconnect-backoff`: each try waits twice as long as the one before, with
 * jitter, up to 10 s.
 */
import { connect } from 'node:net';
import { complain, numberSetting, ready, setting, switchedOn } from './part.mjs';

const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT') };
const PATIENCE_MS = 2_000;
const LONGEST_MS = 10_000;
const MOST_OPEN = 200;
let open = 0;
let complained = 0;

function tryOnce(then = () => {}) {
  if (open >= MOST_OPEN) return;
  open++;
  const socket = connect(peer);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.on('error', () => {});
  socket.on('close', () => {
    open--;
    if (Date.now() - complained > 1000) {
      complained = Date.now();
      complain(`no greeting of ${peer.host}:${peer.port} within ${PATIENCE_MS} ms: retrying`);
    }
    then();
  });
}

function withPauses(pauseMs) {
  tryOnce(() => setTimeout(withPauses, pauseMs * (0.5 + Math.random()), Math.min(LONGEST_MS, 2 * pauseMs)));
}

if (switchedOn('reconnect-backoff')) withPauses(500);
else setInterval(tryOnce, 1000 / numberSetting('PART_PER_SECOND', 30));
ready();
