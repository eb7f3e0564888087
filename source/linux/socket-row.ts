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
  localAddress(): string;
  remoteAddress(): string;
}

export type OnRow = (row: SocketRow) => void;
