// What runs in a namespace of its own: listens where the first argument says, answers DNS, ends with its stdin.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import dnsPacket from 'dns-packet';

const { tcp = [], dns, hold = 0 } = JSON.parse(process.argv[2] ?? '{}');
const held = [];

for (const { port, address, backlog } of tcp) {
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  server.listen({ port, host: address, backlog });
  await once(server, 'listening');
}

if (hold > 0) {
  const { connect } = await import('node:net');
  for (let i = 0; i < hold; i++) {
    const socket = connect(tcp[0].port, tcp[0].address);
    await once(socket, 'connect');
    held.push(socket);
  }
}

/** NXDOMAIN for every name that is not in the zone; `big` names come cut off over UDP and whole over TCP. */
function answer(bytes, cut) {
  const { id, questions } = dnsPacket.decode(bytes);
  const [question] = questions;
  const address = dns.zone[question.name];
  const truncated = cut && dns.big?.includes(question.name);
  return {
    type: 'response',
    id,
    flags: (address ? 0 : 3) | (truncated ? dnsPacket.TRUNCATED_RESPONSE : 0),
    questions,
    answers:
      address && !truncated && question.type === 'A'
        ? [{ type: 'A', name: question.name, ttl: 5, data: address }]
        : [],
  };
}

if (dns) {
  const udp = createSocket(dns.address.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (bytes, from) =>
    udp.send(dnsPacket.encode(answer(bytes, true)), from.port, from.address),
  );
  udp.bind(53, dns.address);
  await once(udp, 'listening');
  const stream = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => socket.end(dnsPacket.streamEncode(answer(bytes.subarray(2), false))));
  });
  stream.listen(53, dns.address);
  await once(stream, 'listening');
}

process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.write('ready\n');
