import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { lineCutter, MAX_LINES } from '../../embedded/log-ring.js';
import type { EngineLogLine, WorkloadState } from '../../engine.js';
import { reasonOf, statusOf, withDeadline } from '../link/deadline.js';
import { frameReader } from './log-frames.js';
import { type RawLogLine, stampOf, toLogLine } from './log-text.js';
import { RawRing } from './raw-ring.js';

const OPEN_MS = 5_000;
/** Lines a second that are handed to listeners; the tail has the newest ones all the same. */
const MOST_TOLD = 1_000;

export interface FollowedContainer {
  readonly id: string;
  readonly name: string;
  readonly tty: boolean;
  readonly state: WorkloadState;
}

/**
 * The output of one container while somebody looks: its newest 1,000 lines, and each new line to the listener. A line
 * costs a copy of its bytes; text is made of those that are asked for, so a flood neither slows us nor grows.
 */
export class LogFollower {
  readonly #onLine: (line: EngineLogLine) => void;
  readonly #ring = new RawRing();
  #container: FollowedContainer;
  #stream: Readable | null = null;
  #opening = false;
  #closed = false;
  #second = 0;
  #told = 0;
  #untold = 0;
  /** Of the untold ones, those since the last that was told. */
  #skipped = 0;
  #text: readonly EngineLogLine[] | null = null;
  #trouble: string | null = null;
  /** Monotonic milliseconds at which somebody last looked, and at which it was last opened. */
  lookedAt = 0;
  openedAt = Number.NEGATIVE_INFINITY;

  constructor(container: FollowedContainer, onLine: (line: EngineLogLine) => void) {
    this.#container = container;
    this.#onLine = onLine;
  }

  get following(): boolean {
    return this.#stream !== null || this.#opening;
  }

  /** Why its output cannot be read, in the daemon's words (a log driver that keeps nothing); null when it can. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Lines that were not handed to listeners because there were too many in their second. */
  get untold(): number {
    return this.#untold;
  }

  /** Oldest first; the same list until a line comes. */
  tail(): readonly EngineLogLine[] {
    this.#text ??= this.#ring.tail().map((line) => toLogLine(this.#container.name, line));
    return this.#text;
  }

  /**
   * Begins to follow; does nothing while it does. The first time takes the last 1,000 lines, later ones what came
   * since. Never rejects: a container that is gone has no more to say, and a daemon that is lost says so itself.
   */
  async open(docker: Docker, container: FollowedContainer): Promise<void> {
    if (this.following || this.#closed) return;
    this.#container = container;
    this.#opening = true;
    const newest = this.#ring.newest;
    const from = newest === undefined ? undefined : sinceOf(stampOf(newest));
    try {
      const stream = (await withDeadline(OPEN_MS, async (abortSignal) =>
        docker.getContainer(container.id).logs({
          ...{ follow: true, stdout: true, stderr: true, timestamps: true, tail: MAX_LINES, abortSignal },
          ...(from === undefined ? {} : { since: from as never }),
        }),
      )) as unknown as Readable;
      this.#trouble = null;
      if (this.#closed) stream.destroy();
      else this.#read(stream, container.tty);
    } catch (error) {
      this.#trouble = statusOf(error) === 404 ? null : reasonOf(error);
    } finally {
      this.#opening = false;
    }
  }

  close(): void {
    this.#closed = true;
    this.#stream?.destroy();
    this.#stream = null;
  }

  #read(stream: Readable, tty: boolean): void {
    this.#stream = stream;
    const end = (): void => {
      if (this.#stream === stream) this.#stream = null;
    };
    stream.once('close', end).once('end', end).on('error', end);
    if (tty) {
      const cutter = lineCutter((text) =>
        this.#take({ stream: 'stdout', bytes: Buffer.from(text), readAt: Date.now() }),
      );
      stream.on('data', (chunk: Buffer) => cutter.take(chunk)).once('end', () => cutter.end());
      return;
    }
    const take = frameReader((name, bytes) => this.#take({ stream: name, bytes, readAt: Date.now() }));
    stream.on('data', (chunk: Buffer) => {
      if (!take(chunk)) stream.destroy();
    });
  }

  #take(line: RawLogLine): void {
    this.#ring.push(line);
    this.#text = null;
    const second = Math.floor(line.readAt / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#told = 0;
    }
    this.#told += 1;
    if (this.#told > MOST_TOLD) {
      this.#untold += 1;
      this.#skipped += 1;
      return;
    }
    const told = toLogLine(this.#container.name, line);
    this.#onLine(this.#skipped > 0 ? { ...told, skipped: this.#skipped } : told);
    this.#skipped = 0;
  }
}

/** `since` of the daemon, as seconds and nanoseconds right after a timestamp. */
function sinceOf(stamp: string | undefined): string | undefined {
  const fraction = /\.(\d{1,9})/.exec(stamp ?? '')?.[1] ?? '';
  const seconds = Math.floor(Date.parse(stamp ?? '') / 1_000);
  if (!Number.isFinite(seconds)) return undefined;
  const nanos = Number(fraction.padEnd(9, '0')) + 1;
  return nanos < 1e9 ? `${seconds}.${String(nanos).padStart(9, '0')}` : `${seconds + 1}.000000000`;
}
