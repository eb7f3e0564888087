// resolver.js WORKERS MS QUEUE PORT [drop|refused]: a bounded forwarder on 127.0.0.1 that answers every name with it.
const dgram = require('node:dgram');

const [workers, ms, room, port] = process.argv.slice(2, 6).map(Number);
const overflow = process.argv[6] ?? 'drop';
const waiting = [];
let busy = 0;
const server = dgram.createSocket('udp4');

function reply(message, client, code) {
  let end = 12;
  while (message[end]) end += message[end] + 1;
  const head = Buffer.from(message.subarray(0, end + 5));
  head[2] = 0x81;
  head[3] = 0x80 | code;
  head.writeUInt16BE(1, 4);
  head.fill(0, 6, 12);
  const isAddress = code === 0 && message.readUInt16BE(end + 1) === 1;
  if (isAddress) head.writeUInt16BE(1, 6);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 127, 0, 0, 1]);
  server.send(isAddress ? Buffer.concat([head, record]) : head, client.port, client.address);
}

function serve() {
  while (busy < workers && waiting.length > 0) {
    const [message, client] = waiting.shift();
    busy++;
    setTimeout(() => {
      busy--;
      reply(message, client, 0);
      serve();
    }, ms);
  }
}

server.on('message', (message, client) => {
  if (waiting.length < room) waiting.push([message, client]);
  else if (overflow === 'refused') reply(message, client, 5);
  serve();
});
server.bind(port, '127.0.0.1');
