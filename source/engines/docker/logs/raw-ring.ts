import { MAX_LINES } from '../../embedded/log-ring.js';
import type { RawLogLine } from './log-text.js';

/** Room for lines (bytes): as much as they need, from the first to the second; then the oldest make way. */
const LEAST_ROOM = 32 * 1024;
const MOST_ROOM = 1024 * 1024;

/**
 * The newest lines of one container in bounded room: 1,000 of ordinary length, fewer where they are long. Their bytes
 * are copied into one buffer that is written round and round: ten thousand lines a second leave no garbage behind.
 */
export class RawRing {
  #room = Buffer.alloc(LEAST_ROOM);
  /** Where the next line is written. */
  #at = 0;
  /** Places of the lines, by their number modulo MAX_LINES. */
  readonly #starts = new Int32Array(MAX_LINES);
  readonly #lengths = new Int32Array(MAX_LINES);
  readonly #isErr = new Uint8Array(MAX_LINES);
  readonly #readAt = new Float64Array(MAX_LINES);
  /** Numbers of the oldest line kept and of the next one to come. */
  #first = 0;
  #next = 0;
  /** Bytes of all lines. */
  #used = 0;

  /** Copies the line's bytes; one longer than all the room is cut. */
  push({ stream, bytes, readAt }: RawLogLine): void {
    const length = Math.min(bytes.length, MOST_ROOM);
    while (this.#next - this.#first >= MAX_LINES) this.#drop();
    // Half of it stays free, so that no line has to make way for one that begins again at the front.
    while (this.#room.length < MOST_ROOM && this.#used + length > this.#room.length / 2) this.#grow();
    this.#makeWay(length);
    const slot = this.#next % MAX_LINES;
    bytes.copy(this.#room, this.#at, 0, length);
    this.#starts[slot] = this.#at;
    this.#lengths[slot] = length;
    this.#isErr[slot] = stream === 'stderr' ? 1 : 0;
    this.#readAt[slot] = readAt;
    // An empty line has a place of its own, too.
    this.#at += Math.max(1, length);
    this.#used += length;
    this.#next += 1;
  }

  get newest(): RawLogLine | undefined {
    return this.#next === this.#first ? undefined : this.#line(this.#next - 1);
  }

  /** Oldest first. */
  tail(): readonly RawLogLine[] {
    return Array.from({ length: this.#next - this.#first }, (_, index) => this.#line(this.#first + index));
  }

  #line(number: number): RawLogLine {
    const slot = number % MAX_LINES;
    const start = this.#starts[slot] as number;
    return {
      stream: this.#isErr[slot] === 1 ? 'stderr' : 'stdout',
      bytes: Buffer.from(this.#room.subarray(start, start + (this.#lengths[slot] as number))),
      readAt: this.#readAt[slot] as number,
    };
  }

  /** Twice the room, with the lines one after the other from its front. */
  #grow(): void {
    const room = Buffer.alloc(Math.min(MOST_ROOM, this.#room.length * 2));
    let at = 0;
    for (let number = this.#first; number < this.#next; number++) {
      const slot = number % MAX_LINES;
      const start = this.#starts[slot] as number;
      this.#room.copy(room, at, start, start + (this.#lengths[slot] as number));
      this.#starts[slot] = at;
      at += Math.max(1, this.#lengths[slot] as number);
    }
    this.#room = room;
    this.#at = at;
  }

  /** Lets go of the oldest lines where the next one comes to stand. */
  #makeWay(length: number): void {
    const size = Math.max(1, length);
    if (this.#at + size > this.#room.length) {
      // What stands between here and the end is older than all at the front.
      while (this.#first < this.#next && this.#oldest() >= this.#at) this.#drop();
      this.#at = 0;
    }
    const end = this.#at + size;
    while (this.#first < this.#next && this.#oldest() >= this.#at && this.#oldest() < end) this.#drop();
  }

  #drop(): void {
    this.#used -= this.#lengths[this.#first % MAX_LINES] as number;
    this.#first += 1;
  }

  /** Where the oldest line begins. */
  #oldest(): number {
    return this.#starts[this.#first % MAX_LINES] as number;
  }
}
