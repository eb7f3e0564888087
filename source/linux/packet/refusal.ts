import { formatIPv4, formatIPv6 } from '../ip-address.js';
import { assemble } from './assemble.js';
import {
  IF_EQUAL,
  IF_SET,
  IPV4,
  IPV6,
  LOAD_BYTE,
  LOAD_BYTE_X,
  LOAD_HALF,
  LOAD_HEADER_LENGTH,
  LOAD_WORD,
  LOAD_WORD_X,
  PACKET_HOST,
  PACKET_TYPE,
  PROTOCOL,
  RETURN,
} from './filter-words.js';

/** A SYN that was answered with a reset: nobody listens at that port, or a rule says so. */
export interface Refusal {
  /** Address and port that refused. */
  readonly address: string;
  readonly port: number;
  /** Port of who had asked. */
  readonly clientPort: number;
}

const TCP = 6;
const RST_AND_ACK = 0x14;
/** The longest headers: IPv4 with options, and TCP. */
export const REFUSAL_BYTES = 80;

const PASS = 'pass over';
const TAKE = 'let through';

/**
 * Lets through resets that come in and answer a SYN: those have no sequence number of their own (RFC 9293 3.10.7.1), as
 * nothing came before them.
 */
export const REFUSALS = assemble([
  { code: LOAD_BYTE, k: PACKET_TYPE },
  { code: IF_EQUAL, k: PACKET_HOST, no: PASS },
  { code: LOAD_HALF, k: PROTOCOL },
  { code: IF_EQUAL, k: IPV4, yes: 'v4' },
  { code: IF_EQUAL, k: IPV6, yes: 'v6', no: PASS },
  'v4',
  { code: LOAD_BYTE, k: 9 },
  { code: IF_EQUAL, k: TCP, no: PASS },
  { code: LOAD_HALF, k: 6 },
  // A later fragment.
  { code: IF_SET, k: 0x1fff, yes: PASS },
  { code: LOAD_HEADER_LENGTH, k: 0 },
  { code: LOAD_BYTE_X, k: 13 },
  { code: IF_EQUAL, k: RST_AND_ACK, no: PASS },
  { code: LOAD_WORD_X, k: 4 },
  { code: IF_EQUAL, k: 0, yes: TAKE, no: PASS },
  'v6',
  { code: LOAD_BYTE, k: 6 },
  { code: IF_EQUAL, k: TCP, no: PASS },
  { code: LOAD_BYTE, k: 53 },
  { code: IF_EQUAL, k: RST_AND_ACK, no: PASS },
  { code: LOAD_WORD, k: 44 },
  { code: IF_EQUAL, k: 0, yes: TAKE, no: PASS },
  PASS,
  { code: RETURN, k: 0 },
  TAKE,
  { code: RETURN, k: REFUSAL_BYTES },
]);

/** Reads a packet from its IP header on. Undefined for all but a reset that answers a SYN; anything may come in. */
export function decodeRefusal(packet: Uint8Array): Refusal | undefined {
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = (bytes[0] ?? 0) >> 4;
  const header = version === 4 ? 4 * ((bytes[0] ?? 0) & 0xf) : version === 6 ? 40 : 0;
  if (header < 20 || bytes.length < header + 20) return undefined;
  if (bytes[version === 4 ? 9 : 6] !== TCP || bytes[header + 13] !== RST_AND_ACK) return undefined;
  if (bytes.readUInt32BE(header + 4) !== 0) return undefined;
  return {
    address: version === 4 ? formatIPv4(bytes, 12) : formatIPv6(bytes, 8),
    port: bytes.readUInt16BE(header),
    clientPort: bytes.readUInt16BE(header + 2),
  };
}
