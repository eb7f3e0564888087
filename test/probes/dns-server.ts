import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import dnsPacket, { type DecodedPacket, type Packet } from 'dns-packet';

/** Flags of an answer by the name of its rcode (RFC 1035 4.1.1). */
const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

export interface Answer {
  readonly rcode?: keyof typeof RCODES;
  readonly addresses?: readonly string[];
  readonly delayMs?: number;
  readonly truncated?: boolean;
  /** Changes the packet before it is sent. */
  readonly spoil?: (packet: Packet) => Packet;
}

export interface TestDns {
  readonly port: number;
  readonly asked: string[];
  /** Resolves when every answer to what was asked until now has been sent. */
  answered(): Promise<void>;
  close(): Promise<void>;
}

/** A real DNS server on loopback, UDP and TCP on one port. `answer` gives several answers, one, or silence. */
export async function startDns(
  answer: (qname: string, qtype: string, over: 'udp' | 'tcp') => Answer | Answer[] | undefined,
): Promise<TestDns> {
  const asked: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const told = new EventEmitter();
  const sockets = new Set<Socket>();
  const respond = (bytes: Buffer, over: 'udp' | 'tcp', send: (reply: Packet) => void): void => {
    const query = dnsPacket.decode(bytes);
    const question = query.questions?.[0];
    if (!question) return;
    asked.push(`${question.type} ${question.name}`);
    for (const each of [answer(question.name, question.type, over) ?? []].flat()) {
      const timer = setTimeout(() => {
        send(packetOf(query, each));
        timers.delete(timer);
        told.emit('answer');
      }, each.delayMs ?? 0);
      timers.add(timer);
    }
  };
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) =>
      respond(bytes.subarray(2), 'tcp', (reply) => socket.write(dnsPacket.streamEncode(reply))),
    );
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (bytes, from) =>
    respond(bytes, 'udp', (reply) => udp.send(dnsPacket.encode(reply), from.port, from.address)),
  );
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return {
    port,
    asked,
    async answered() {
      while (timers.size > 0) await once(told, 'answer');
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}

function packetOf(query: DecodedPacket, answer: Answer): Packet {
  const question = query.questions?.[0];
  const type = question?.type === 'AAAA' ? 'AAAA' : 'A';
  const packet: Packet = {
    type: 'response',
    id: query.id ?? 0,
    flags: RCODES[answer.rcode ?? 'NOERROR'] | (answer.truncated ? dnsPacket.TRUNCATED_RESPONSE : 0),
    questions: query.questions ?? [],
    answers: (answer.addresses ?? []).map((data) => ({ type, name: question?.name ?? '', ttl: 5, data })),
  };
  return answer.spoil ? answer.spoil(packet) : packet;
}
