import { stampLength } from './log-text.js';

/** Bytes kept at each end of a line that comes in parts: more than is ever shown of it. */
const KEPT = 8 * 1024;
const RETURN = 13;
const NEWLINE = 10;

/**
 * A line that its daemon tells in parts of 16 KiB, each with a timestamp of its own: the first timestamp, and what a
 * terminal shows of the rest, its beginning and its end. Takes the same room however long the line is.
 */
export class LongLine {
  readonly #stamp: Buffer;
  #text: Buffer;

  constructor(first: Buffer) {
    const stamp = stampLength(first);
    this.#stamp = Buffer.from(first.subarray(0, stamp));
    this.#text = shown(first.subarray(stamp));
  }

  /** Goes on with its next part; the bytes are copied. */
  add(part: Buffer): this {
    this.#text = shown(Buffer.concat([this.#text, part.subarray(stampLength(part))]));
    return this;
  }

  get bytes(): Buffer {
    return Buffer.concat([this.#stamp, this.#text]);
  }
}

/** What stands after the carriage returns, without its middle where it is long; a copy. */
function shown(text: Buffer): Buffer {
  let end = text.length;
  while (end > 0 && (text[end - 1] === RETURN || text[end - 1] === NEWLINE)) end--;
  const from = end > 0 ? text.lastIndexOf(RETURN, end - 1) + 1 : 0;
  const visible = text.subarray(from);
  if (visible.length <= 2 * KEPT) return Buffer.from(visible);
  return Buffer.concat([visible.subarray(0, KEPT), visible.subarray(visible.length - KEPT)]);
}
