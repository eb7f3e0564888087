import { parseHex, parseProcAddress } from '../ip-address.js';
import type { OnRow, SocketRow } from '../socket-row.js';
import { type TcpStateName, tcpStateName } from '../tcp-states.js';

const COLON = 0x3a;
const NEWLINE = 0x0a;
const SPACE = 0x20;

/**
 * Calls back for each whole row of /proc/net/tcp, tcp6 or udp in `bytes` and returns how many bytes were used; the
 * rest is the beginning of a row that the next chunk ends. The row number is padded to four digits and shifts
 * everything behind it from row 10,000 on, so offsets count from the row's first colon. Lines that are no row
 * (the header, garbage) are passed over.
 */
export function decodeTcpTable(bytes: Uint8Array, onRow: OnRow): number {
  const row = new TextRow(bytes);
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) return start;
    if (row.moveTo(start, end)) onRow(row);
    start = end + 1;
  }
}

class TextRow implements SocketRow {
  family: 4 | 6 = 4;
  state: TcpStateName = 'CLOSE';
  readonly txQueue = null;
  readonly cookie = null;
  readonly cgroupId = null;
  readonly info = null;
  private colon = 0;
  private end = 0;
  /** Hex digits of an address: 8 or 32. */
  private digits = 8;

  constructor(private readonly bytes: Uint8Array) {}

  /** `sl: LADDR:LPORT RADDR:RPORT ST TX:RX TR:WHEN RETRNSMT …`; false when the line is no such row. */
  moveTo(start: number, end: number): boolean {
    const { bytes } = this;
    const colon = this.colonWithin(start, end);
    const second = this.colonWithin(colon + 1, end);
    const digits = second - colon - 2;
    if (second === end || (digits !== 8 && digits !== 32)) return false;
    this.colon = colon;
    this.digits = digits;
    this.end = end;
    const state = tcpStateName(parseHex(bytes, this.offset(14), 2));
    if (!state || bytes[this.offset(13)] !== SPACE || end < this.offset(55)) return false;
    this.state = state;
    this.family = digits === 8 ? 4 : 6;
    return true;
  }

  /** The first colon of the line from `at` on, or `end`: what stands behind the line is another line's to read. */
  private colonWithin(at: number, end: number): number {
    let found = at;
    while (found < end && this.bytes[found] !== COLON) found++;
    return Math.min(found, end);
  }

  /** Where a column is: counted from the colon, the digits of the two addresses left out. */
  private offset(afterAddresses: number): number {
    return this.colon + 2 * this.digits + afterAddresses;
  }

  get localPort(): number {
    return parseHex(this.bytes, this.colon + 3 + this.digits, 4) || 0;
  }
  get remotePort(): number {
    return parseHex(this.bytes, this.colon + 9 + 2 * this.digits, 4) || 0;
  }
  get rxQueue(): number {
    return parseHex(this.bytes, this.offset(26), 8) || 0;
  }
  get timer(): number {
    return parseHex(this.bytes, this.offset(35), 2) || 0;
  }
  get retransmits(): number {
    return parseHex(this.bytes, this.offset(47), 8) || 0;
  }
  /** `tm->when` is in hundredths of a second (USER_HZ is 100 on every architecture but one long gone). */
  get expiresMs(): number | null {
    const hundredths = parseHex(this.bytes, this.offset(38), 8);
    return Number.isNaN(hundredths) ? null : 10 * hundredths;
  }
  get uid(): number | null {
    const word = this.tail()[0] ?? '';
    return /^\d{1,10}$/.test(word) ? Number(word) : null;
  }
  /** The third word behind `retrnsmt`: uid, timeout, inode. */
  get inode(): number {
    const word = this.tail()[2] ?? '';
    return /^\d{1,15}$/.test(word) ? Number(word) : 0;
  }
  /** Words behind `retrnsmt`: uid, timeout, inode, references, pointer, and for UDP the drops. */
  tail(): string[] {
    const text = Buffer.from(
      this.bytes.buffer,
      this.bytes.byteOffset + this.offset(55),
      Math.max(0, this.end - this.offset(55)),
    );
    return text.toString('latin1').trim().split(/ +/);
  }
  localAddress(): string {
    return parseProcAddress(this.bytes, this.colon + 2, this.digits) ?? '?';
  }
  remoteAddress(): string {
    return parseProcAddress(this.bytes, this.colon + 8 + this.digits, this.digits) ?? '?';
  }
}

/** A row of /proc/net/udp: the same layout, and at its end how many datagrams were dropped for want of room. */
export interface UdpRow {
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  /** True when connect() was called: the kernel keeps such sockets in state 01. */
  readonly connected: boolean;
  readonly rxQueue: number;
  readonly inode: number;
  readonly drops: number | null;
}

/** Rows of /proc/net/udp or udp6. */
export function decodeUdpTable(bytes: Uint8Array): UdpRow[] {
  const rows: UdpRow[] = [];
  decodeTcpTable(bytes, (row) => {
    const tail = (row as TextRow).tail();
    rows.push({
      local: row.localAddress(),
      localPort: row.localPort,
      remote: row.remoteAddress(),
      remotePort: row.remotePort,
      connected: row.state === 'ESTAB',
      rxQueue: row.rxQueue,
      inode: row.inode,
      drops: tail[5] !== undefined && /^\d+$/.test(tail[5]) ? Number(tail[5]) : null,
    });
  });
  return rows;
}
