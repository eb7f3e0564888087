import { formatIPv4, formatIPv6 } from '../ip-address.js';
import { assemble, type FilterLine } from './assemble.js';
import {
  IF_EQUAL,
  IF_SET,
  IPV4,
  IPV6,
  LOAD_BYTE,
  LOAD_BYTE_X,
  LOAD_HALF,
  LOAD_HALF_X,
  LOAD_HEADER_LENGTH,
  LOAD_WORD,
  PACKET_HOST,
  PACKET_OUTGOING,
  PACKET_TYPE,
  PROTOCOL,
  RETURN,
} from './filter-words.js';

/** A question for an address, or an answer to one, as it passed an interface. */
export interface SeenMessage {
  readonly kind: 'question' | 'answer';
  /** Address of the server that it went to, or came from. */
  readonly server: string;
  readonly id: number;
  /** As it was asked, in small letters. */
  readonly qname: string;
  readonly qtype: 'A' | 'AAAA';
  /** Of an answer: its code (RFC 1035 4.1.1), and how many records it has. */
  readonly rcode: number;
  readonly answers: number;
  /** When it passed, wall-clock ms by the kernel's clock, where that is known. */
  readonly at?: number;
}

const UDP = 17;
const DNS_PORT = 53;
/** QR: an answer. */
const IS_ANSWER = 0x80;
/** Docker's resolver: by the time a question is on its way there, its port is another (a rule of Docker's). */
const DOCKER_RESOLVER = 0x7f00000b;

/** Bytes of a packet that are read: headers, and the longest name. */
export const MOST_BYTES = 400;

const PASS = 'pass over';
const TAKE = 'let through';

/** Of a packet that goes out the questions, of one that comes in the answers: offsets of address and port differ. */
function direction(
  name: string,
  at: { v4: number; v6Port: number; udp: number },
  bit: Pick<FilterJump, 'yes' | 'no'>,
): FilterLine[] {
  return [
    name,
    { code: LOAD_HALF, k: PROTOCOL },
    { code: IF_EQUAL, k: IPV4, yes: `${name} v4` },
    { code: IF_EQUAL, k: IPV6, yes: `${name} v6`, no: PASS },
    `${name} v4`,
    { code: LOAD_BYTE, k: 9 },
    { code: IF_EQUAL, k: UDP, no: PASS },
    { code: LOAD_HALF, k: 6 },
    // A later fragment.
    { code: IF_SET, k: 0x1fff, yes: PASS },
    { code: LOAD_HEADER_LENGTH, k: 0 },
    { code: LOAD_WORD, k: at.v4 },
    { code: IF_EQUAL, k: DOCKER_RESOLVER, yes: `${name} bit` },
    { code: LOAD_HALF_X, k: at.udp },
    { code: IF_EQUAL, k: DNS_PORT, no: PASS },
    `${name} bit`,
    { code: LOAD_BYTE_X, k: 10 },
    { code: IF_SET, k: IS_ANSWER, ...bit },
    `${name} v6`,
    { code: LOAD_BYTE, k: 6 },
    { code: IF_EQUAL, k: UDP, no: PASS },
    { code: LOAD_HALF, k: at.v6Port },
    { code: IF_EQUAL, k: DNS_PORT, no: PASS },
    { code: LOAD_BYTE, k: 50 },
    { code: IF_SET, k: IS_ANSWER, ...bit },
  ];
}

type FilterJump = Exclude<FilterLine, string>;

/** Lets through questions that leave for port 53 or for Docker's resolver, and the answers that come in, over UDP. */
export const DNS_MESSAGES = assemble([
  { code: LOAD_BYTE, k: PACKET_TYPE },
  { code: IF_EQUAL, k: PACKET_OUTGOING, yes: 'question' },
  { code: IF_EQUAL, k: PACKET_HOST, yes: 'answer', no: PASS },
  ...direction('question', { v4: 16, v6Port: 42, udp: 2 }, { yes: PASS, no: TAKE }),
  ...direction('answer', { v4: 12, v6Port: 40, udp: 0 }, { yes: TAKE, no: PASS }),
  PASS,
  { code: RETURN, k: 0 },
  TAKE,
  { code: RETURN, k: MOST_BYTES },
]);

const QTYPES: Readonly<Record<number, SeenMessage['qtype']>> = { 1: 'A', 28: 'AAAA' };

/** Reads a packet from its IP header on. Undefined for all but messages about an address; anything may come in. */
export function decodeSeenMessage(packet: Uint8Array): SeenMessage | undefined {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = (bytes[0] ?? 0) >> 4;
  const header = version === 4 ? 4 * ((bytes[0] ?? 0) & 0xf) : version === 6 ? 40 : 0;
  const message = header + 8;
  if (header < 20 || bytes.length < message + 12) return undefined;
  if (bytes[version === 4 ? 9 : 6] !== UDP) return undefined;
  const flags = bytes.readUInt16BE(message + 2);
  // Opcode 0 is a query; one question (RFC 1035 4.1.1).
  if ((flags & 0x7800) !== 0 || bytes.readUInt16BE(message + 4) !== 1) return undefined;
  const labels: string[] = [];
  let at = message + 12;
  for (let length = bytes[at] ?? 64; length > 0; length = bytes[at] ?? 64) {
    // 64 and more is no label of a question; a name ends after 127 labels at the latest (RFC 1035 2.3.4).
    if (length > 63 || labels.length > 127 || at + 1 + length >= bytes.length) return undefined;
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  if (at + 5 > bytes.length) return undefined;
  const qtype = QTYPES[bytes.readUInt16BE(at + 1)];
  // What is no name of a host is nobody's to look up.
  if (!qtype || labels.length === 0 || !labels.every((label) => /^[a-z0-9_-]+$/.test(label)))
    return undefined;
  const kind = (flags & 0x8000) === 0 ? 'question' : 'answer';
  const [v4, v6] = kind === 'question' ? [16, 24] : [12, 8];
  return {
    ...{ kind, id: bytes.readUInt16BE(message), qname: labels.join('.'), qtype },
    server: version === 4 ? formatIPv4(bytes, v4) : formatIPv6(bytes, v6),
    rcode: flags & 0xf,
    answers: bytes.readUInt16BE(message + 6),
  };
}
