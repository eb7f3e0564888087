import { StringDecoder } from 'node:string_decoder';
import type { EngineLogLine } from '../engine.js';

/** Longest line kept, in characters; the contract of `EngineLogLine`. */
export const MAX_LINE = 4_096;
/** Lines kept a service; the contract of `Engine.logs`. */
export const MAX_LINES = 1_000;

/** The newest lines of one service, in fixed room. */
export class LogRing {
  readonly #lines: EngineLogLine[] = [];
  #next = 0;

  push(line: EngineLogLine): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push(line);
    else this.#lines[this.#next] = line;
    this.#next = (this.#next + 1) % MAX_LINES;
  }

  /** Oldest first. */
  tail(): readonly EngineLogLine[] {
    if (this.#lines.length < MAX_LINES) return [...this.#lines];
    return [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
  }
}

/**
 * Cuts a byte stream into lines. A line beyond `MAX_LINE` characters is cut and its rest thrown away as it comes, so
 * a service that writes without newlines takes no more room than one that writes many.
 */
export function lineCutter(onLine: (text: string) => void): {
  take(chunk: Buffer): void;
  end(): void;
} {
  const decoder = new StringDecoder('utf8');
  let open = '';
  let overlong = false;
  const emit = (): void => {
    onLine(overlong ? detached(open) : open);
    open = '';
    overlong = false;
  };
  const add = (piece: string): void => {
    const room = MAX_LINE - open.length;
    if (piece.length > room) {
      overlong = true;
      if (room > 0) open = detached(open + piece.slice(0, room));
    } else open += piece;
  };
  const feed = (text: string): void => {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      const end = at > from && text.charCodeAt(at - 1) === 13 ? at - 1 : at;
      add(text.slice(from, end));
      emit();
      from = at + 1;
    }
    if (from < text.length) add(text.slice(from));
  };
  return {
    take: (chunk) => feed(decoder.write(chunk)),
    end: () => {
      feed(decoder.end());
      if (open !== '') emit();
    },
  };
}

/** A copy that does not keep the chunk it was cut from in memory, as V8's sliced strings do. */
function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
