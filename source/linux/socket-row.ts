import type { TcpInfo } from './tcp-info.js';
import type { TcpStateName } from './tcp-states.js';

/**
 * One socket of a kernel table. Rows are views over the reader's buffer: read what you need inside the callback,
 * keep none. Addresses are made into text only when asked for, which is what keeps a census of 90,000 rows cheap.
 */
export interface SocketRow {
  readonly family: 4 | 6;
  readonly state: TcpStateName;
  readonly localPort: number;
  readonly remotePort: number;
  /** Bytes received and not read; for LISTEN the connections that wait for accept(). */
  readonly rxQueue: number;
  /** Bytes sent and not acknowledged; for LISTEN the size of the accept queue, or null when the table cannot tell. */
  readonly txQueue: number | null;
  /** 0 when no process owns it: TIME-WAIT, half-open, or not accepted yet. */
  readonly inode: number;
  /** 0 none, 1 retransmit, 2 keepalive, 3 TIME-WAIT, 4 zero-window probe. */
  readonly timer: number;
  readonly retransmits: number;
  /** Milliseconds until its timer goes off; 0 without a timer, null where the table cannot tell. */
  readonly expiresMs: number | null;
  /** The kernel's own number of the socket, never given twice; null where the table has none. */
  readonly cookie: number | null;
  /** User that it belongs to; null where the table cannot tell. */
  readonly uid: number | null;
  /** Inode of its cgroup v2 directory; on a v1 host that of the root. Null where the table has none. */
  readonly cgroupId: number | null;
  /** What TCP knows of the connection; null where it was not asked for, or the socket has none (TIME-WAIT, half-open). */
  readonly info: TcpInfo | null;
  localAddress(): string;
  remoteAddress(): string;
}

export type OnRow = (row: SocketRow) => void;
