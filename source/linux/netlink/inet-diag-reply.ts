import { formatIPv4, formatIPv6 } from '../ip-address.js';
import type { OnRow, SocketRow } from '../socket-row.js';
import type { TcpInfo } from '../tcp-info.js';
import { type TcpStateName, tcpStateName } from '../tcp-states.js';
import {
  AF_INET,
  AF_INET6,
  INET_DIAG_INFO,
  LITTLE,
  SOCK_DIAG_BY_FAMILY,
  TCPDIAG_GETSOCK,
} from './inet-diag-request.js';
import { TcpInfoView } from './tcp-info-view.js';

const HEADER = 16;
/** struct inet_diag_msg: 4 bytes, struct inet_diag_sockid (48), five words. Attributes may follow. */
const MESSAGE = 72;
/** struct nlattr: length and type, 2 bytes each. */
const ATTRIBUTE = 4;
const INET_DIAG_CGROUP_ID = 21;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLMSG_OVERRUN = 4;
const NLM_F_DUMP_INTR = 0x10;

/** The kernel refused the question, or its answer is no netlink. `errno` is positive, 0 when the bytes are malformed. */
export class NetlinkError extends Error {
  constructor(
    message: string,
    readonly errno: number,
  ) {
    super(message);
    this.name = 'NetlinkError';
  }
}

export interface ReplyResult {
  /** True once NLMSG_DONE came: nothing follows. */
  readonly done: boolean;
  /** The table changed under the dump (NLM_F_DUMP_INTR): rows may be missing or double. */
  readonly interrupted: boolean;
  readonly rows: number;
}

/**
 * Walks the messages of one datagram and calls back for each socket. Messages of another sequence, another type or
 * an unknown state or family are passed over. Throws NetlinkError for an error from the kernel and for bytes that
 * cannot be netlink; every step goes forward by at least a header, so no input makes it loop.
 */
export function decodeDiagReply(bytes: Uint8Array, sequence: number, onRow: OnRow): ReplyResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const row = new DiagRow(bytes, view);
  let interrupted = false;
  let rows = 0;
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const length = view.getUint32(at, LITTLE);
    if (length < HEADER) throw new NetlinkError(`netlink message of ${length} bytes`, 0);
    if (at + length > bytes.length) throw new NetlinkError('netlink message is cut off', 0);
    const type = view.getUint16(at + 4, LITTLE);
    if (view.getUint32(at + 8, LITTLE) === sequence) {
      if (view.getUint16(at + 6, LITTLE) & NLM_F_DUMP_INTR) interrupted = true;
      if (type === NLMSG_OVERRUN) throw new NetlinkError('netlink lost messages (overrun)', 105);
      if (type === NLMSG_ERROR || type === NLMSG_DONE) {
        throwIfError(view, at, length, type);
        if (type === NLMSG_DONE) return { done: true, interrupted, rows };
      } else if (
        (type === SOCK_DIAG_BY_FAMILY || type === TCPDIAG_GETSOCK) &&
        length >= HEADER + MESSAGE &&
        row.moveTo(at + HEADER, at + length)
      ) {
        rows++;
        onRow(row);
      }
    }
    at += (length + 3) & ~3;
  }
  return { done: false, interrupted, rows };
}

/** NLMSG_ERROR carries a negative errno (0 is an acknowledgement); so may NLMSG_DONE. */
function throwIfError(view: DataView, at: number, length: number, type: number): void {
  if (length < HEADER + 4) {
    if (type === NLMSG_ERROR) throw new NetlinkError('netlink error without a number', 0);
    return;
  }
  const errno = -view.getInt32(at + HEADER, LITTLE);
  if (errno > 0) throw new NetlinkError(`the kernel refused the socket dump (errno ${errno})`, errno);
}

class DiagRow implements SocketRow {
  family: 4 | 6 = 4;
  state: TcpStateName = 'CLOSE';
  private at = 0;
  private end = 0;
  private readonly tcpInfo: TcpInfoView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly view: DataView,
  ) {
    this.tcpInfo = new TcpInfoView(view);
  }

  /** Points at another inet_diag_msg and its attributes up to `end`; false when its family or state is none we know. */
  moveTo(at: number, end: number): boolean {
    const family = this.bytes[at];
    const state = tcpStateName(this.bytes[at + 1] ?? 0);
    if ((family !== AF_INET && family !== AF_INET6) || !state) return false;
    this.at = at;
    this.end = end;
    this.family = family === AF_INET ? 4 : 6;
    this.state = state;
    return true;
  }

  get timer(): number {
    return this.bytes[this.at + 2] ?? 0;
  }
  get retransmits(): number {
    return this.bytes[this.at + 3] ?? 0;
  }
  get localPort(): number {
    return this.view.getUint16(this.at + 4);
  }
  get remotePort(): number {
    return this.view.getUint16(this.at + 6);
  }
  get cookie(): number | null {
    const low = this.view.getUint32(this.at + 44, LITTLE);
    const high = this.view.getUint32(this.at + 48, LITTLE);
    // All ones is INET_DIAG_NOCOOKIE.
    return low === 0xffffffff && high === 0xffffffff ? null : high * 2 ** 32 + low;
  }
  get expiresMs(): number {
    return this.view.getUint32(this.at + 52, LITTLE);
  }
  get rxQueue(): number {
    return this.view.getUint32(this.at + 56, LITTLE);
  }
  get txQueue(): number {
    return this.view.getUint32(this.at + 60, LITTLE);
  }
  get uid(): number {
    return this.view.getUint32(this.at + 64, LITTLE);
  }
  get inode(): number {
    return this.view.getUint32(this.at + 68, LITTLE);
  }
  get cgroupId(): number | null {
    const at = this.attribute(INET_DIAG_CGROUP_ID, 8);
    if (at === undefined) return null;
    const [one, other] = [this.view.getUint32(at, LITTLE), this.view.getUint32(at + 4, LITTLE)];
    return LITTLE ? other * 2 ** 32 + one : one * 2 ** 32 + other;
  }
  get info(): TcpInfo | null {
    const at = this.attribute(INET_DIAG_INFO, 1);
    if (at === undefined) return null;
    return this.tcpInfo.moveTo(at, at - ATTRIBUTE + this.view.getUint16(at - ATTRIBUTE, LITTLE));
  }
  localAddress(): string {
    return this.address(8);
  }
  remoteAddress(): string {
    return this.address(24);
  }
  private address(offset: number): string {
    return this.family === 4
      ? formatIPv4(this.bytes, this.at + offset)
      : formatIPv6(this.bytes, this.at + offset);
  }

  /** Where the payload of an attribute begins; undefined when it is not there, or shorter than `least` bytes. */
  private attribute(type: number, least: number): number | undefined {
    for (let at = this.at + MESSAGE; at + ATTRIBUTE <= this.end; ) {
      const length = this.view.getUint16(at, LITTLE);
      if (length < ATTRIBUTE || at + length > this.end) return undefined;
      if (this.view.getUint16(at + 2, LITTLE) === type)
        return length - ATTRIBUTE >= least ? at + ATTRIBUTE : undefined;
      at += (length + 3) & ~3;
    }
    return undefined;
  }
}
