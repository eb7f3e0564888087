import { formatIPv4, formatIPv6 } from '../ip-address.js';
import type { Instruction } from './packet-socket.js';

/** A question for an address that left for a DNS server. */
export interface SeenQuestion {
  /** Address of the server. */
  readonly server: string;
  readonly id: number;
  /** As it was asked, in small letters. */
  readonly qname: string;
}

const LOAD_BYTE = 0x30;
const LOAD_HALF = 0x28;
const LOAD_WORD = 0x20;
const LOAD_BYTE_X = 0x50;
const LOAD_HALF_X = 0x48;
/** X = four times the low half of a byte: the length of an IPv4 header. */
const LOAD_HEADER_LENGTH = 0xb1;
const IF_EQUAL = 0x15;
const IF_SET = 0x45;
const RETURN = 0x06;
/** SKF_AD_OFF of uapi/linux/filter.h, with SKF_AD_PROTOCOL and SKF_AD_PKTTYPE. */
const PROTOCOL = -0x1000;
const PACKET_TYPE = -0x1000 + 4;
const PACKET_OUTGOING = 4;
const UDP = 17;
const DNS_PORT = 53;
/** Docker's resolver: by the time a question is on its way there, its port is another (a rule of Docker's). */
const DOCKER_RESOLVER = 0x7f00000b;

/** Bytes of a packet that are read: headers, and the longest name. */
export const MOST_BYTES = 400;

/** Lets through what leaves as a question to port 53 of any server, or to Docker's resolver, over UDP. */
export const QUESTIONS: readonly Instruction[] = [
  [LOAD_BYTE, 0, 0, PACKET_TYPE],
  [IF_EQUAL, 0, 20, PACKET_OUTGOING],
  [LOAD_HALF, 0, 0, PROTOCOL],
  [IF_EQUAL, 1, 0, 0x0800],
  [IF_EQUAL, 11, 17, 0x86dd],
  // 5, IPv4: UDP, no later fragment, to the address or to the port, and no answer.
  [LOAD_BYTE, 0, 0, 9],
  [IF_EQUAL, 0, 15, UDP],
  [LOAD_HALF, 0, 0, 6],
  [IF_SET, 13, 0, 0x1fff],
  [LOAD_HEADER_LENGTH, 0, 0, 0],
  [LOAD_WORD, 0, 0, 16],
  [IF_EQUAL, 2, 0, DOCKER_RESOLVER],
  [LOAD_HALF_X, 0, 0, 2],
  [IF_EQUAL, 0, 8, DNS_PORT],
  [LOAD_BYTE_X, 0, 0, 10],
  [IF_SET, 6, 7, 0x80],
  // 16, IPv6: UDP right behind the header, to the port, and no answer.
  [LOAD_BYTE, 0, 0, 6],
  [IF_EQUAL, 0, 4, UDP],
  [LOAD_HALF, 0, 0, 42],
  [IF_EQUAL, 0, 2, DNS_PORT],
  [LOAD_BYTE, 0, 0, 50],
  [IF_SET, 0, 1, 0x80],
  // 22: passed over, and let through.
  [RETURN, 0, 0, 0],
  [RETURN, 0, 0, MOST_BYTES],
];

const A = 1;
const AAAA = 28;

/** Reads a packet from its IP header on. Undefined for all but a question for an address; anything may come in. */
export function decodeSeenQuestion(packet: Uint8Array): SeenQuestion | undefined {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = (bytes[0] ?? 0) >> 4;
  const header = version === 4 ? 4 * ((bytes[0] ?? 0) & 0xf) : version === 6 ? 40 : 0;
  const message = header + 8;
  if (header < 20 || bytes.length < message + 12) return undefined;
  if (bytes[version === 4 ? 9 : 6] !== UDP) return undefined;
  const isQuestion = ((bytes[message + 2] ?? 0x80) & 0xf8) === 0 && bytes.readUInt16BE(message + 4) === 1;
  if (!isQuestion) return undefined;
  const labels: string[] = [];
  let at = message + 12;
  for (let length = bytes[at] ?? 64; length > 0; length = bytes[at] ?? 64) {
    // 64 and more is no label of a question; a name ends after 127 labels at the latest (RFC 1035 2.3.4).
    if (length > 63 || labels.length > 127 || at + 1 + length >= bytes.length) return undefined;
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  if (at + 5 > bytes.length) return undefined;
  const type = bytes.readUInt16BE(at + 1);
  // What is no name of a host is nobody's to look up.
  if ((type !== A && type !== AAAA) || !labels.every((label) => /^[a-z0-9_-]+$/.test(label)))
    return undefined;
  const server = version === 4 ? formatIPv4(bytes, 16) : formatIPv6(bytes, 24);
  return labels.length === 0
    ? undefined
    : { server, id: bytes.readUInt16BE(message), qname: labels.join('.') };
}
