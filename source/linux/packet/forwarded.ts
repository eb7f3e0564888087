import { formatIPv4 } from '../ip-address.js';
import { assemble } from './assemble.js';
import {
  IF_EQUAL,
  IF_SET,
  IPV4,
  LOAD_BYTE,
  LOAD_BYTE_X,
  LOAD_HALF,
  LOAD_HEADER_LENGTH,
  PACKET_HOST,
  PACKET_OUTGOING,
  PACKET_TYPE,
  PROTOCOL,
  RETURN,
} from './filter-words.js';

/** A SYN as it left an interface (IPv4), or the answer to one as it came in. */
export interface Handshake {
  readonly kind: 'syn' | 'answer';
  /** Who asks, and whom at which port; of an answer as well. */
  readonly source: string;
  readonly peer: string;
  readonly port: number;
}

const TCP = 6;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
/** The longest headers: IPv4 with options, and TCP. */
export const HANDSHAKE_BYTES = 80;

const PASS = 'pass over';
const TAKE = 'let through';

/** Lets through SYNs that go out, and answers to SYNs that come in. */
export const HANDSHAKES = assemble([
  { code: LOAD_HALF, k: PROTOCOL },
  { code: IF_EQUAL, k: IPV4, no: PASS },
  { code: LOAD_BYTE, k: 9 },
  { code: IF_EQUAL, k: TCP, no: PASS },
  { code: LOAD_HALF, k: 6 },
  // A later fragment.
  { code: IF_SET, k: 0x1fff, yes: PASS },
  { code: LOAD_HEADER_LENGTH, k: 0 },
  { code: LOAD_BYTE, k: PACKET_TYPE },
  { code: IF_EQUAL, k: PACKET_OUTGOING, yes: 'out' },
  { code: IF_EQUAL, k: PACKET_HOST, no: PASS },
  { code: LOAD_BYTE_X, k: 13 },
  { code: IF_SET, k: ACK, no: PASS },
  { code: IF_SET, k: SYN, yes: TAKE, no: PASS },
  'out',
  { code: LOAD_BYTE_X, k: 13 },
  { code: IF_SET, k: ACK | RST, yes: PASS },
  { code: IF_SET, k: SYN, yes: TAKE, no: PASS },
  PASS,
  { code: RETURN, k: 0 },
  TAKE,
  { code: RETURN, k: HANDSHAKE_BYTES },
]);

/** Reads a packet from its IP header on. Undefined for all but a SYN and an answer to one; anything may come in. */
export function decodeHandshake(packet: Uint8Array): Handshake | undefined {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  const header = 4 * ((bytes[0] ?? 0) & 0xf);
  if ((bytes[0] ?? 0) >> 4 !== 4 || header < 20 || bytes.length < header + 20 || bytes[9] !== TCP)
    return undefined;
  const flags = bytes.readUInt8(header + 13);
  if ((flags & SYN) === 0 || (flags & RST) !== 0) return undefined;
  const [from, to] = [formatIPv4(bytes, 12), formatIPv4(bytes, 16)];
  return (flags & ACK) === 0
    ? { kind: 'syn', source: from, peer: to, port: bytes.readUInt16BE(header + 2) }
    : { kind: 'answer', source: to, peer: from, port: bytes.readUInt16BE(header) };
}
