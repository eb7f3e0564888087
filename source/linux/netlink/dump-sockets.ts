import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OpenFd } from '../socket-calls.js';
import type { OnRow } from '../socket-row.js';
import { decodeDiagReply, NetlinkError } from './inet-diag-reply.js';
import { type DiagRequest, encodeDiagRequest } from './inet-diag-request.js';
import { type NetlinkSocket, openDiagSocket } from './netlink-socket.js';

/** The kernel fills at most 32 KiB a datagram (netlink_dump, SKB_WITH_OVERHEAD(32768)); twice that leaves room. */
const BUFFER_BYTES = 64 * 1024;
/** The event loop gets a turn after this much work (ms): a key press must not wait for a census. */
const SLICE_MS = 6;
/** A dump that has not ended by then never will (ms); 90,000 sockets take under 100. */
const PATIENCE_MS = 3_000;

export interface DumpOptions {
  readonly signal?: AbortSignal | undefined;
  /** Makes the netlink socket in another network namespace. */
  readonly openFd?: OpenFd | undefined;
  /**
   * Ends after about so many rows. The kernel walks its table of connections by a hash with a secret: the first ones
   * are a sample of all, and much the same ones each time.
   */
  readonly mostRows?: number | undefined;
}

export interface DumpResult {
  readonly rows: number;
  /** The table changed under the dump: rows may be missing or double. */
  readonly interrupted: boolean;
}

let sequence = 0;
/** Of the dump before: one at a time is the rule, and what is taken anew each time is memory that grows until it is collected. */
let spare: Buffer | undefined;

/**
 * Asks the kernel for the sockets of a family, or of both, in the given states and calls back for each.
 * Rejects with NetlinkError when the kernel refuses, and with the reason of `signal` when that is aborted. The sockets
 * are those of the network namespace that the netlink socket was made in.
 */
export async function dumpSockets(
  request: Omit<DiagRequest, 'sequence'>,
  onRow: OnRow,
  options: DumpOptions = {},
): Promise<DumpResult> {
  if (request.family !== 'both') return await dump(request, onRow, options);
  let begun = false;
  try {
    return await dump(
      request,
      (row) => {
        begun = true;
        onRow(row);
      },
      options,
    );
  } catch (error) {
    // Not every sandbox's kernel knows the first way of asking.
    if (begun || !(error instanceof NetlinkError) || error.errno === 0) throw error;
    const four = await dump({ ...request, family: 4 }, onRow, options);
    const six = await dump({ ...request, family: 6 }, onRow, options);
    return { rows: four.rows + six.rows, interrupted: four.interrupted || six.interrupted };
  }
}

async function dump(
  request: Omit<DiagRequest, 'sequence'>,
  onRow: OnRow,
  { signal, openFd, mostRows = Number.POSITIVE_INFINITY }: DumpOptions,
): Promise<DumpResult> {
  signal?.throwIfAborted();
  const socket = await openDiagSocket(openFd);
  const buffer = spare ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  spare = undefined;
  try {
    sequence = (sequence % 0x7fffffff) + 1;
    socket.send(encodeDiagRequest({ ...request, sequence }));
    return await receiveAll(socket, buffer, sequence, onRow, mostRows, signal);
  } finally {
    socket.close();
    spare = buffer;
  }
}

async function receiveAll(
  socket: NetlinkSocket,
  buffer: Buffer,
  expected: number,
  onRow: OnRow,
  mostRows: number,
  signal: AbortSignal | undefined,
): Promise<DumpResult> {
  const deadline = performance.now() + PATIENCE_MS;
  let sliceEnd = performance.now() + SLICE_MS;
  let rows = 0;
  let interrupted = false;
  for (;;) {
    const got = socket.receive(buffer);
    if (got < 0) throw new NetlinkError('netlink lost messages for want of room', 105);
    if (got > 0) {
      const part = decodeDiagReply(buffer.subarray(0, got), expected, onRow);
      rows += part.rows;
      interrupted ||= part.interrupted;
      if (part.done || rows >= mostRows) return { rows, interrupted };
    }
    if (got > 0 && performance.now() < sliceEnd) continue;
    if (performance.now() > deadline) throw new NetlinkError('the socket dump did not end', 0);
    await nextTurn();
    signal?.throwIfAborted();
    sliceEnd = performance.now() + SLICE_MS;
  }
}
