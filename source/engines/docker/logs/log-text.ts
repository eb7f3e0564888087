import { afterReturns } from '../../../terminal/after-returns.js';
import type { EngineLogLine } from '../../engine.js';
import { bothEnds, MAX_LINE } from '../../log-line.js';

export type LogStream = 'stdout' | 'stderr';

/** `2026-11-21T13:58:54.123456789Z ` before each line, as `timestamps=1` asks for. */
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ?/;

/** One line as Docker keeps it: cheap to hold, made to text when somebody looks. */
export interface RawLogLine {
  readonly stream: LogStream;
  readonly bytes: Buffer;
  /** Wall-clock milliseconds at which it was read: for a line whose own timestamp is broken. */
  readonly readAt: number;
}

/**
 * Its text without newline and timestamp, as a terminal shows it, at most 4,096 characters of it: its beginning and its
 * end; not sanitised.
 */
export function toLogLine(workload: string, { stream, bytes, readAt }: RawLogLine): EngineLogLine {
  const line = bytes.toString('utf8').replace(/\n$/, '');
  const stamp = STAMP.exec(line);
  const told = Date.parse(stamp?.[1] ?? '');
  const text = stamp === null ? line : line.slice(stamp[0].length);
  return {
    workload,
    stream,
    at: Number.isFinite(told) ? told : readAt,
    text: bothEnds(afterReturns(text), MAX_LINE),
  };
}

/** How many bytes of a frame are its timestamp and the blank after it. */
export const stampLength = (bytes: Buffer): number =>
  STAMP.exec(bytes.toString('latin1', 0, 40))?.[0].length ?? 0;

/** The timestamp of a line with all its digits, for `since`; undefined when it has none. */
export function stampOf({ bytes }: RawLogLine): string | undefined {
  return STAMP.exec(bytes.toString('latin1', 0, 40))?.[1];
}
