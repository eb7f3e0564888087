import { isIP } from 'node:net';
import dnsPacket, { type DecodedPacket } from 'dns-packet';
import { ownQuestionId } from './own-questions.js';
import type { DnsOutcome } from './sample.js';

export type AddressType = 'A' | 'AAAA';

export interface DnsQuestion {
  readonly id: number;
  readonly qname: string;
  readonly qtype: AddressType;
}

/** What a server said to one question. */
export interface DnsReply {
  readonly outcome: DnsOutcome;
  readonly addresses: readonly string[];
  /** The answer did not fit and is to be asked for over TCP (RFC 1035 4.2.1, TC). */
  readonly truncated: boolean;
}

const NAMED_RCODES = new Set(['NXDOMAIN', 'SERVFAIL', 'REFUSED', 'FORMERR', 'NOTIMP']);

/** A name that fits into a question: labels of 1 to 63 bytes, 253 in all (RFC 1035 2.3.4). */
export function isAskable(name: string): boolean {
  const labels = name.split('.');
  return (
    Buffer.byteLength(name) <= 253 &&
    labels.every((label) => label.length > 0 && Buffer.byteLength(label) <= 63)
  );
}

/** A question with an id that nobody can guess (RFC 5452). */
export function newQuestion(qname: string, qtype: AddressType, taken?: number): DnsQuestion {
  let id = ownQuestionId(qname);
  while (id === taken) id = ownQuestionId(qname);
  return { id, qname, qtype };
}

export function encodeQuestion(question: DnsQuestion): Buffer {
  return dnsPacket.encode({
    type: 'query',
    id: question.id,
    flags: dnsPacket.RECURSION_DESIRED,
    questions: [{ type: question.qtype, name: question.qname, class: 'IN' }],
  });
}

/** The id a datagram carries, or undefined when it is no answer at all. */
export function replyId(bytes: Uint8Array): number | undefined {
  if (bytes.length < 12 || ((bytes[2] ?? 0) & 0x80) === 0) return undefined;
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

/**
 * Reads the answer to a question. Undefined when the bytes are no DNS message or belong to another question: such
 * datagrams are passed over, as libc does. A refusal may leave the question out.
 */
export function decodeReply(bytes: Buffer, question: DnsQuestion): DnsReply | undefined {
  if (replyId(bytes) !== question.id) return undefined;
  let packet: DecodedPacket & { rcode?: string };
  try {
    packet = dnsPacket.decode(bytes);
  } catch {
    return undefined;
  }
  const rcode = packet.rcode ?? 'OTHER';
  const asked = packet.questions?.[0];
  const same =
    asked === undefined
      ? rcode !== 'NOERROR'
      : asked.type === question.qtype && asked.name.toLowerCase() === question.qname.toLowerCase();
  if (!same) return undefined;
  const addresses = (packet.answers ?? []).flatMap((answer) =>
    answer.type === question.qtype && typeof answer.data === 'string' && isIP(answer.data)
      ? [answer.data]
      : [],
  );
  return { outcome: outcomeOf(rcode, addresses.length), addresses, truncated: packet.flag_tc === true };
}

function outcomeOf(rcode: string, addresses: number): DnsOutcome {
  if (rcode === 'NOERROR') return addresses > 0 ? 'NOERROR' : 'NODATA';
  return NAMED_RCODES.has(rcode) ? (rcode as DnsOutcome) : 'OTHER';
}
