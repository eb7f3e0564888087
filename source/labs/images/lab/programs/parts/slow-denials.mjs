/**
 * A nameserver on UDP port 53 that knows one name, PART_NAME, and gives PART_ANSWER for it at once. It asks nobody, but
 * takes PART_DENY_MS to deny any other name, as one does that asks afar and keeps no denial. At most 200 wait.
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { numberSetting, PORT, ready, setting } from './part.mjs';

const known = setting('PART_NAME').toLowerCase();
const address = setting('PART_ANSWER').split('.').map(Number);
const denyMs = numberSetting('PART_DENY_MS', 1_200);
const MOST_WAITING = 200;
const A = 1;
const NXDOMAIN = 3;
let waiting = 0;

/** Name and type of the one question of a message, and where it ends; undefined of what is none. */
function questionOf(message) {
  const labels = [];
  let at = 12;
  while (at < message.length && message[at] > 0 && message[at] < 64) {
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]));
    at += message[at] + 1;
  }
  if (message.length < at + 5 || message[at] !== 0) return undefined;
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** RFC 1035 4.1: the header with QR, RD, RA and the code, the question again, and the record where there is one. */
function reply(message, { end, type }, code) {
  const records = code === 0 && type === A ? [0xc0, 12, 0, A, 0, 1, 0, 0, 0, 5, 0, 4, ...address] : [];
  const header = [
    ...message.subarray(0, 2),
    0x81,
    0x80 | code,
    0,
    1,
    0,
    records.length > 0 ? 1 : 0,
    0,
    0,
    0,
    0,
  ];
  return Buffer.from([...header, ...message.subarray(12, end), ...records]);
}

const socket = createSocket('udp4');
socket.on('message', (message, { address: to, port }) => {
  const question = questionOf(message);
  if (!question) return;
  if (question.name === known) return socket.send(reply(message, question, 0), port, to);
  if (waiting >= MOST_WAITING) return;
  waiting++;
  setTimeout(() => {
    waiting--;
    socket.send(reply(message, question, NXDOMAIN), port, to);
  }, denyMs);
});
// What does not fit into a datagram is none of ours; that somebody listens there tells the lab its port.
const server = createServer((connection) => connection.destroy());
server.listen(PORT, () => socket.bind(server.address().port, () => ready(server.address().port)));
