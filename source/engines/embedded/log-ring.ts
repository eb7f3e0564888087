import { StringDecoder } from 'node:string_decoder';
import { afterReturns } from '../../terminal/after-returns.js';
import type { EngineLogLine } from '../engine.js';
import { bothEnds, MAX_LINE } from '../log-line.js';

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
 * Cuts a byte stream into lines, each as a terminal shows it: what stands after carriage returns. Of a line beyond
 * `MAX_LINE` characters its beginning and its end are kept as it comes, so a service that writes without newlines takes
 * no more room than one that writes many.
 */
export function lineCutter(onLine: (text: string) => void): {
  take(chunk: Buffer): void;
  end(): void;
} {
  const decoder = new StringDecoder('utf8');
  let open = '';
  const emit = (): void => {
    onLine(open.endsWith('\r') ? afterReturns(open) : open);
    open = '';
  };
  const add = (piece: string): void => {
    open += piece;
    // One at the end may be of this line's newline: what comes decides.
    const isWhole = !open.includes('\r') || open.endsWith('\r');
    const shown = isWhole ? open : afterReturns(open);
    if (shown.length > MAX_LINE) open = detached(bothEnds(shown, MAX_LINE));
    else if (!isWhole) open = detached(shown);
  };
  const feed = (text: string): void => {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      add(text.slice(from, at));
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
