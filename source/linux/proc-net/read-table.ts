import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ReadError } from '../read-text.js';
import type { OnRow } from '../socket-row.js';
import { decodeTcpTable } from './tcp-table.js';

/** A read() of these files gives at most 4 KiB whatever the buffer; several are decoded together. */
const BUFFER_BYTES = 64 * 1024;
/** The event loop gets a turn after this much work (ms): 100,000 rows take 190 ms in one go. */
const SLICE_MS = 6;

/**
 * Reads /proc/net/tcp or tcp6 and calls back for each row. Not a snapshot: rows may be missed or double between
 * reads. Rejects with ReadError, and with the reason of `signal` when that is aborted.
 */
export async function readTcpTable(path: string, onRow: OnRow, signal?: AbortSignal): Promise<void> {
  const fd = open(path);
  try {
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    let filled = 0;
    let sliceEnd = performance.now() + SLICE_MS;
    for (;;) {
      const got = readSync(fd, buffer, filled, buffer.length - filled, null);
      filled += got;
      if (got === 0 || buffer.length - filled < 8192) {
        const used = decodeTcpTable(buffer.subarray(0, filled), onRow);
        // A line that fills the whole buffer is no row: dropping it is what keeps this loop going forward.
        if (used > 0) buffer.copyWithin(0, used, filled);
        filled = used > 0 ? filled - used : 0;
      }
      if (got === 0) return;
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE_MS;
    }
  } finally {
    closeSync(fd);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new ReadError(path, cause);
  }
}
