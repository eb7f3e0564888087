/**
 * Opens a connection with a server by its name PART_PER_SECOND times a second, each time looked up by the C library, at
 * most four at once, and closes it: the server has no other work. A lookup of a second and more is told, once a second.
 * Switch `trailing-dot`: the name is written with a dot at its end, so that the search list is left out.
 */
import { lookup } from 'node:dns';
import { connect } from 'node:net';
import { complain, numberSetting, ready, setting, switchedOn } from './part.mjs';

const peer = setting('PART_PEER_HOST');
const port = numberSetting('PART_PEER_PORT', 80);
const name = switchedOn('trailing-dot') ? `${peer}.` : peer;
const MOST = 4;
const SLOW_MS = 1_000;
let underWay = 0;
let told = 0;

function tell(text) {
  if (Date.now() - told < 1_000) return;
  told = Date.now();
  complain(text);
}

function ask() {
  if (underWay >= MOST) return;
  underWay++;
  const began = Date.now();
  lookup(name, (error, address) => {
    const ms = Date.now() - began;
    if (error || ms >= SLOW_MS) tell(error ? `${name}: ${error.code}` : `${name} was found after ${ms} ms`);
    if (error) {
      underWay--;
      return;
    }
    const socket = connect({ host: address, port });
    socket.on('connect', () => socket.end());
    socket.on('error', ({ code }) => tell(`${name}: ${code}`));
    socket.on('close', () => underWay--);
    socket.setTimeout(5_000, () => socket.destroy());
    socket.resume();
  });
}

setInterval(ask, 1000 / numberSetting('PART_PER_SECOND', 1));
ready();
