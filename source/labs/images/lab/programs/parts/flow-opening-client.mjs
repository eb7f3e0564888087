/**
 * Sends readings over UDP to collectors on its own loopback, and gives each meter a flow of its own: as many as the
 * connection tracking of its network has room for, each kept in use. Nothing leaves its network, and the limit is not
 * touched. Meanwhile it asks a server twice a second on a new connection, and says once a second what fails. Switch
 * `one-socket`: all readings go over one socket.
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { complain, numberSetting, ready, say, setting, switchedOn } from './part.mjs';

const LOOPBACK = '127.0.0.1';
const COLLECTORS = 64;
/** What a larger table would take in memory of the kernel (320 bytes a flow) is not for a demonstration. */
const MOST_FLOWS = 300_000;
/** A flow that was answered stays for 120 s (nf_conntrack_udp_timeout_stream); it is used again before. */
const AGAIN_MS = 60_000;
/** A flow counts as one that goes on, and is not dropped for a new one, when it is used again after 2 s (nf_conntrack_proto_udp.c). */
const GOES_ON_MS = 2_500;
const PATIENCE_MS = 5_000;
const reading = Buffer.from('42');
const peer = { host: setting('PART_PEER_HOST'), port: numberSetting('PART_PEER_PORT') };
let told = 0;

const figure = (name) => Number(readFileSync(`/proc/sys/net/netfilter/nf_conntrack_${name}`, 'utf8'));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function tell(text) {
  if (Date.now() - told < 1_000) return;
  told = Date.now();
  complain(text);
}

const open = () =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('error', reject);
    socket.bind(0, LOOPBACK, () => resolve(socket));
  });

const send = (socket, port) =>
  new Promise((resolve) => {
    socket.send(reading, port, LOOPBACK, (error) => {
      if (error) tell(`no reading can be sent: ${error.code}`);
      resolve();
    });
  });

async function sendAll(meters, ports) {
  for (const meter of meters) {
    await Promise.all(ports.map((port) => send(meter, port)));
    // Answers are taken in between, or their flows would not count as answered.
    await pause(0);
  }
}

function ask() {
  const socket = connect(peer);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer to SYN in 5 s')));
  socket.on('connect', () => socket.end());
  socket.on('error', ({ code, message }) =>
    tell(`cannot connect to ${peer.host}:${peer.port}: ${code ?? message}`),
  );
  socket.resume();
}

const most = figure('max');
if (most === 0 || most > MOST_FLOWS)
  throw new Error(`the conntrack limit here is ${most}: this fills a table of ${MOST_FLOWS} flows at most`);
const collectors = await Promise.all(Array.from({ length: COLLECTORS }, open));
for (const collector of collectors)
  collector.on('message', (_, { port }) => collector.send(reading, port, LOOPBACK, () => undefined));
const ports = collectors.map((collector) => collector.address().port);
const meters = await Promise.all(
  Array.from({ length: switchedOn('one-socket') ? 1 : Math.ceil(most / COLLECTORS) }, open),
);
await sendAll(meters.slice(0, 1), ports);
if (figure('count') === 0)
  throw new Error('connections are not tracked here: no rule of this network needs it');
setInterval(ask, 500);
ready();
for (;;) {
  await sendAll(meters, ports);
  await pause(GOES_ON_MS);
  await sendAll(meters, ports);
  say(`${meters.length * ports.length} flows, ${figure('count')} tracked of ${most}`);
  // What found no room in the first rounds is tried until there is none: then no flow is left that a new one may drop.
  const isLeft = meters.length > 1 && figure('count') < most;
  await pause(isLeft ? GOES_ON_MS : AGAIN_MS);
}
