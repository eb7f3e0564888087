import { MAX_LINES } from '../../embedded/log-ring.js';
import type { RawLogLine } from './log-text.js';

/** The newest lines of one container, as bytes, in fixed room. */
export class RawRing {
  readonly #lines: RawLogLine[] = [];
  #next = 0;

  push(line: RawLogLine): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push(line);
    else this.#lines[this.#next] = line;
    this.#next = (this.#next + 1) % MAX_LINES;
  }

  get newest(): RawLogLine | undefined {
    return this.#lines.length === 0 ? undefined : this.#lines[(this.#next || this.#lines.length) - 1];
  }

  clear(): void {
    this.#lines.length = 0;
    this.#next = 0;
  }

  /** Oldest first. */
  tail(): readonly RawLogLine[] {
    if (this.#lines.length < MAX_LINES) return this.#lines;
    return [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
  }
}
