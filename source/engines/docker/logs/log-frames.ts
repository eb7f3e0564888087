import { MAX_LINE } from '../../log-line.js';
import type { LogStream } from './log-text.js';
import { LongLine } from './long-line.js';

const HEADER = 8;
/** Bytes at which Docker breaks a line (moby daemon/logger/copier.go, defaultBufSize); a shorter one ended without newline. */
const BREAK_BYTES = 16 * 1024;
/** Bytes kept of a frame: the longest line in its longest encoding, and the timestamp before it. */
const MOST_BYTES = MAX_LINE * 4 + 64;

/**
 * Cuts the multiplexed output of a container into its frames: one byte for the stream (1 stdout, 2 stderr), three
 * zeros, four bytes of length, then that many bytes (Docker Engine API, "Attach to a container", Stream format).
 * Docker writes a line a frame; a line beyond 16 KiB comes in several, and is handed on as one at its end, without its
 * middle. A frame is cut at what a line may hold. Its bytes are only lent: who keeps them copies them, or keeps a whole chunk alive.
 * Bytes that are no frames end it: `take` then returns false for good.
 */
export function frameReader(onFrame: (stream: LogStream, bytes: Buffer) => void): (chunk: Buffer) => boolean {
  const header = Buffer.alloc(HEADER);
  let headerAt = 0;
  let left = 0;
  let length = 0;
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let broken = false;
  /** Lines of which only parts have come: the next frame of the stream goes on with them. */
  const open = new Map<LogStream, LongLine>();

  const keep = (piece: Buffer): void => {
    const part = piece.subarray(0, MOST_BYTES - keptBytes);
    if (part.length === 0) return;
    kept.push(Buffer.from(part));
    keptBytes += part.length;
  };
  const finish = (last: number, bytes: Buffer): void => {
    const stream: LogStream = header[0] === 2 ? 'stderr' : 'stdout';
    const goesOn = last !== 10 && length >= BREAK_BYTES;
    const line = open.get(stream);
    if (goesOn) open.set(stream, line?.add(bytes) ?? new LongLine(bytes));
    else if (line === undefined) {
      if (bytes.length > 0) onFrame(stream, bytes);
    } else {
      open.delete(stream);
      onFrame(stream, line.add(bytes).bytes);
    }
  };
  return (chunk) => {
    for (let at = 0; at < chunk.length && !broken; ) {
      if (left === 0) {
        header[headerAt++] = chunk[at++] as number;
        if (headerAt < HEADER) continue;
        headerAt = 0;
        length = header.readUInt32BE(4);
        left = length;
        broken = (header[0] as number) > 2 || header[1] !== 0 || header[2] !== 0 || header[3] !== 0;
        continue;
      }
      const end = Math.min(chunk.length, at + left);
      const isWhole = left === length && end - at === length;
      if (!isWhole) keep(chunk.subarray(at, end));
      const bytes = isWhole ? chunk.subarray(at, Math.min(end, at + MOST_BYTES)) : undefined;
      left -= end - at;
      at = end;
      if (left > 0) continue;
      finish(chunk[at - 1] as number, bytes ?? Buffer.concat(kept));
      kept = [];
      keptBytes = 0;
    }
    return !broken;
  };
}
