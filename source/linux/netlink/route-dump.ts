import { NetlinkError } from './inet-diag-reply.js';
import { LITTLE } from './inet-diag-request.js';

/** include/uapi/linux/{netlink,rtnetlink}.h: what dumps of rtnetlink have in common. */
const HEADER = 16;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST_DUMP = 0x1 | 0x300;

/** The bytes that ask for all of a kind (`RTM_GET…`), with a body of `bodyBytes` zeros behind the header. */
export function encodeDumpRequest(type: number, bodyBytes: number, sequence: number): Buffer {
  const bytes = Buffer.alloc(HEADER + bodyBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(0, bytes.length, LITTLE);
  view.setUint16(4, type, LITTLE);
  view.setUint16(6, NLM_F_REQUEST_DUMP, LITTLE);
  view.setUint32(8, sequence, LITTLE);
  return bytes;
}

/** Where a request's body begins. */
export const BODY = HEADER;

/** What of a dump is wanted. */
interface DumpPart {
  /** Type of its messages (`RTM_NEW…`), and bytes of their body at least. */
  readonly type: number;
  readonly bodyBytes: number;
  /** What was asked for, for the error of a kernel that refuses: `the route dump`. */
  readonly what: string;
  /** Each message, by where its body begins and where it ends. */
  take(view: DataView, at: number, end: number): void;
}

/**
 * Hands on the messages of one datagram; true once the last one came. Throws NetlinkError for an error from the kernel
 * and for bytes that cannot be netlink; every step goes forward by at least a header.
 */
export function readDump(bytes: Uint8Array, sequence: number, wanted: DumpPart): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const length = view.getUint32(at, LITTLE);
    if (length < HEADER || at + length > bytes.length)
      throw new NetlinkError(`netlink message of ${length} bytes`, 0);
    const type = view.getUint16(at + 4, LITTLE);
    if (view.getUint32(at + 8, LITTLE) === sequence) {
      if (type === NLMSG_DONE) return true;
      if (type === NLMSG_ERROR) {
        const errno = length >= HEADER + 4 ? -view.getInt32(at + HEADER, LITTLE) : 0;
        throw new NetlinkError(`the kernel refused ${wanted.what} (errno ${errno})`, errno);
      }
      if (type === wanted.type && length >= HEADER + wanted.bodyBytes)
        wanted.take(view, at + HEADER, at + length);
    }
    at += (length + 3) & ~3;
  }
  return false;
}

/** Where the value of each attribute is; what is cut off ends the list. */
export function attributesOf(
  view: DataView,
  from: number,
  end: number,
): Map<number, { at: number; end: number }> {
  const found = new Map<number, { at: number; end: number }>();
  for (let at = from; at + 4 <= end; ) {
    const length = view.getUint16(at, LITTLE);
    if (length < 4 || at + length > end) break;
    // The two highest bits are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
    found.set(view.getUint16(at + 2, LITTLE) & 0x3fff, { at: at + 4, end: at + length });
    at += (length + 3) & ~3;
  }
  return found;
}
