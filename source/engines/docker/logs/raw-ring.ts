import { MAX_LINES } from '../../embedded/log-ring.js';
import type { RawLogLine } from './log-text.js';

/** Bytes kept of one container: its newest 1,000 lines where they are of ordinary length, fewer where they are long. */
const MOST_BYTES = 1024 * 1024;

/** The newest lines of one container, as bytes, in bounded room. */
export class RawRing {
  #lines: (RawLogLine | undefined)[] = [];
  /** Lines before this one were let go of. */
  #first = 0;
  #bytes = 0;

  push(line: RawLogLine): void {
    this.#lines.push(line);
    this.#bytes += line.bytes.length;
    while (this.#lines.length - this.#first > MAX_LINES || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#lines[this.#first]?.bytes.length ?? 0;
      this.#lines[this.#first++] = undefined;
    }
    if (this.#first >= MAX_LINES) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
  }

  get newest(): RawLogLine | undefined {
    return this.#lines.at(-1);
  }

  clear(): void {
    this.#lines = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  /** Oldest first. */
  tail(): readonly RawLogLine[] {
    return this.#lines.slice(this.#first) as RawLogLine[];
  }
}
