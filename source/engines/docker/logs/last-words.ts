import type Docker from 'dockerode';
import { lineCutter } from '../../embedded/log-ring.js';
import { fatalLine } from '../../log-line.js';
import type { ContainerRecord } from '../containers/container-record.js';
import { withDeadline } from '../link/deadline.js';
import { frameReader } from './log-frames.js';
import { toLogLine } from './log-text.js';

/** Lines of a container's output that are asked for, and for how long (ms). */
const TAIL = 60;
const ASKED_MS = 3_000;
/** Containers asked at once; the others follow when they end again. */
const MOST_ASKED = 8;
/** A container in a loop is asked this seldom (ms). */
const AGAIN_MS = 10_000;
/** What is written to a pipe right before the end is stamped right after it (ms). */
const AFTER_END_MS = 1_000;
/** An end this long ago is nobody's question any more (ms). */
const RECENT_MS = 3_600_000;
/** Ended in order, or by a signal that leaves no time for a word: 128 + SIGINT, SIGKILL, SIGTERM. */
const SAYS_NOTHING: readonly (number | null)[] = [null, 0, 130, 137, 143];

/** Asks containers that ended in error what they said last, once an end. Never rejects. */
export class LastWords {
  readonly #asked = new Map<string, number>();
  #underWay = 0;

  /** Asks, unless it was asked just now; what it finds is noted in the record. */
  async ask(docker: Docker, record: ContainerRecord, now: number): Promise<void> {
    const { id, lastExit, tty } = record.snapshot();
    if (lastExit === null || SAYS_NOTHING.includes(lastExit.code) || now - lastExit.at > RECENT_MS) return;
    if (this.#underWay >= MOST_ASKED || now - (this.#asked.get(id) ?? 0) < AGAIN_MS) return;
    this.#asked.set(id, now);
    this.#underWay += 1;
    try {
      const lines = await tailOf(docker, id, tty);
      const own = lines.filter(({ at }) => at <= lastExit.at + AFTER_END_MS);
      record.lastSaid(fatalLine(own.map(({ text }) => text)));
    } catch {
      // A log driver that keeps nothing, or a container that is gone: it said nothing that can be read.
    } finally {
      this.#underWay -= 1;
    }
  }

  forget(id: string): void {
    this.#asked.delete(id);
  }
}

async function tailOf(docker: Docker, id: string, tty: boolean) {
  const bytes = await withDeadline(ASKED_MS, async (abortSignal) =>
    docker.getContainer(id).logs({
      ...{ follow: false, stdout: true, stderr: true, timestamps: true, tail: TAIL, abortSignal },
    }),
  );
  const lines: { readonly at: number; readonly text: string }[] = [];
  const take = (line: Buffer): void => {
    const { at, text } = toLogLine('', { stream: 'stdout', bytes: line, readAt: 0 });
    lines.push({ at, text });
  };
  if (tty) {
    const cutter = lineCutter((text) => take(Buffer.from(text)));
    cutter.take(bytes);
    cutter.end();
  } else frameReader((_, frame) => take(frame))(bytes);
  return lines;
}
