/** What a DNS message says in its head and its question. */
export interface Header {
  readonly id: number;
  readonly qname: string;
  readonly qtype?: number;
  /** Its code; absent: a question. */
  readonly answer?: number;
}

/** A UDP packet from its IP header on. */
export function packetOf({ from, to }: { from: string; to: string }, header: Header): Buffer {
  const message = messageOf(header);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(header.answer === undefined ? 40_000 : 53, 0);
  udp.writeUInt16BE(header.answer === undefined ? 53 : 40_000, 2);
  udp.writeUInt16BE(8 + message.length, 4);
  const ip = from.includes(':') ? v6(from, to) : v4(from, to);
  return Buffer.concat([ip, udp, message]);
}

function v4(from: string, to: string): Buffer {
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip[9] = 17;
  Buffer.from(from.split('.').map(Number)).copy(ip, 12);
  Buffer.from(to.split('.').map(Number)).copy(ip, 16);
  return ip;
}

function v6(from: string, to: string): Buffer {
  const ip = Buffer.alloc(40);
  ip[0] = 0x60;
  ip[6] = 17;
  for (const [at, address] of [
    [8, from],
    [24, to],
  ] as const) {
    const [head = '', tail = ''] = address.split('::');
    ip.writeUInt16BE(Number.parseInt(head, 16), at);
    ip.writeUInt16BE(Number.parseInt(tail, 16), at + 14);
  }
  return ip;
}

function messageOf({ id, qname, qtype = 1, answer }: Header): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(answer === undefined ? 0x0100 : 0x8180 | answer, 2);
  head.writeUInt16BE(1, 4);
  const labels = qname === '' ? [] : qname.split('.');
  const name = labels.flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]);
  return Buffer.concat([head, Buffer.from([...name, 0, 0, qtype, 0, 1])]);
}

/** What a reset that answers a SYN has in its head, or is to have instead. */
export interface Reset {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly clientPort: number;
  readonly sequence?: number;
  readonly flags?: number;
  readonly protocol?: number;
}

/** A TCP segment without data, from its IP header on. */
export function resetOf({
  from,
  to,
  port,
  clientPort,
  sequence = 0,
  flags = 0x14,
  protocol = 6,
}: Reset): Buffer {
  const ip = from.includes(':') ? v6(from, to) : v4(from, to);
  ip[ip.length === 20 ? 9 : 6] = protocol;
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(port, 0);
  tcp.writeUInt16BE(clientPort, 2);
  tcp.writeUInt32BE(sequence, 4);
  tcp[12] = 0x50;
  tcp[13] = flags;
  return Buffer.concat([ip, tcp]);
}
