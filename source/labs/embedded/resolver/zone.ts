import { type Answer, type DecodedPacket, encode, type Packet, type Question } from 'dns-packet';

/** The zone of the lab; `.internal` is reserved for private use (ICANN board resolution 2024.07.29.06). */
export const ZONE = 'lab.internal';

const AUTHORITATIVE = 0x0400;
const RECURSION_AVAILABLE = 0x0080;
const RECURSION_DESIRED = 0x0100;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const REFUSED = 5;
/** Not to be cached: the application asks anew for each request, and the lab is there to show what that costs. */
const TTL_S = 0;
/** Of the negative answer (RFC 2308). */
const NEGATIVE_TTL_S = 1;
const UDP_PAYLOAD = 1_232;

/** Names of the zone and their IPv4 addresses. */
export type Names = ReadonlyMap<string, string>;

/**
 * The answer to one question: an A record, NODATA for any other type of a known name, NXDOMAIN for other names of
 * the zone, REFUSED for what is not ours.
 */
export function answerFor(packet: DecodedPacket, question: Question, names: Names): Buffer {
  const name = question.name.toLowerCase();
  const inZone = name === ZONE || name.endsWith(`.${ZONE}`);
  const address = names.get(name);
  const answers: Answer[] =
    address !== undefined && question.type === 'A' && (question.class ?? 'IN') === 'IN'
      ? [{ type: 'A', name: question.name, ttl: TTL_S, data: address }]
      : [];
  const rcode = inZone ? (address === undefined && name !== ZONE ? NXDOMAIN : 0) : REFUSED;
  const asksExtended = packet.additionals?.some(({ type }) => type === 'OPT') ?? false;
  const answer: Packet = {
    type: 'response',
    id: packet.id ?? 0,
    flags:
      (inZone ? AUTHORITATIVE : 0) | RECURSION_AVAILABLE | ((packet.flags ?? 0) & RECURSION_DESIRED) | rcode,
    questions: [question],
    answers,
    authorities: inZone && answers.length === 0 ? [START_OF_AUTHORITY] : [],
    additionals: asksExtended
      ? [{ type: 'OPT', name: '.', udpPayloadSize: UDP_PAYLOAD, flags: 0, options: [] } as unknown as Answer]
      : [],
  };
  return encoded(answer);
}

/** What was asked in a form that cannot be written back (a name that only decodes) is answered without it. */
function encoded(answer: Packet): Buffer {
  try {
    return Buffer.from(encode(answer));
  } catch {
    const { id = 0 } = answer;
    return Buffer.from(encode({ type: 'response', id, flags: SERVFAIL }));
  }
}

const START_OF_AUTHORITY: Answer = {
  type: 'SOA',
  name: ZONE,
  ttl: NEGATIVE_TTL_S,
  data: {
    mname: `ns.${ZONE}`,
    rname: `hostmaster.${ZONE}`,
    serial: 1,
    refresh: 3_600,
    retry: 600,
    expire: 86_400,
    minimum: NEGATIVE_TTL_S,
  },
};
