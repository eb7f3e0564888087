import { type DecodedPacket, decode, encode, type Packet, type Question } from 'dns-packet';

const HEADER_BYTES = 12;
const QR = 0x80;
const OPCODE = 0x78;
/** RCODEs of RFC 1035 section 4.1.1. */
const FORMERR = 1;
const NOTIMP = 4;

/** What a packet turned out to be. */
export type Query =
  | { readonly kind: 'question'; readonly packet: DecodedPacket; readonly question: Question }
  /** Can be answered at once, without a worker: it is wrong, and the answer says so. */
  | { readonly kind: 'refuse'; readonly answer: Buffer }
  /** Not a query at all; an answer would feed loops between servers. */
  | { readonly kind: 'ignore' };

/**
 * Reads one DNS message (RFC 1035 section 4.1) that anyone may have sent. Never throws. Exactly one question is
 * taken, as every resolver does (RFC 9619).
 */
export function readQuery(bytes: Buffer): Query {
  if (bytes.length < HEADER_BYTES) return { kind: 'ignore' };
  const flags = bytes.readUInt8(2);
  if ((flags & QR) !== 0) return { kind: 'ignore' };
  if ((flags & OPCODE) !== 0) return { kind: 'refuse', answer: bareAnswer(bytes, NOTIMP) };
  if (bytes.readUInt16BE(4) !== 1) return { kind: 'refuse', answer: bareAnswer(bytes, FORMERR) };
  try {
    const packet = decode(bytes);
    const question = packet.questions?.[0];
    if (question !== undefined) return { kind: 'question', packet, question };
  } catch {
    // dns-packet throws RangeError and plain Error on cut or looping names; all are one thing to the client.
  }
  return { kind: 'refuse', answer: bareAnswer(bytes, FORMERR) };
}

/** A header and nothing else: the client's id and opcode, QR set, and the code. */
function bareAnswer(bytes: Buffer, rcode: number): Buffer {
  const packet: Packet = { type: 'response', id: bytes.readUInt16BE(0), flags: 0 };
  const answer = Buffer.from(encode(packet));
  answer.writeUInt8((bytes.readUInt8(2) & 0x79) | QR, 2);
  answer.writeUInt8(rcode, 3);
  return answer;
}
