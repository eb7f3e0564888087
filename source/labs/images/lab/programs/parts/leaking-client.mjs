/**
 * Asks a server PART_PER_SECOND times a second and forgets to close: the server closes each connection after its
 * answer (Connection: close), this side never does, so each stays in CLOSE-WAIT and keeps its descriptor. At its limit
 * of open files it can open none (EMFILE) and says so, once a second. Switch `close-bodies`: it closes what it has read.
 */
import { connect } from 'node:net';
import { complain, numberSetting, ready, setting, switchedOn } from './part.mjs';

const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT') };
const closes = switchedOn('close-bodies');
/** Referenced, as a program with this mistake does: in a list of responses that nobody ends. */
const held = new Set();
let complained = 0;

function ask() {
  const socket = connect({ ...peer, allowHalfOpen: true });
  held.add(socket);
  socket.on('connect', () =>
    socket.write('GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nUser-Agent: billing\r\n\r\n'),
  );
  socket.resume();
  socket.on('end', () => {
    if (closes) socket.end();
  });
  socket.on('close', () => held.delete(socket));
  socket.on('error', (error) => {
    held.delete(socket);
    if (Date.now() - complained < 1000) return;
    complained = Date.now();
    complain(`${error.code ?? error.message}: ${held.size} connections are open`);
  });
}

setInterval(ask, 1000 / numberSetting('PART_PER_SECOND', 10));
ready();
