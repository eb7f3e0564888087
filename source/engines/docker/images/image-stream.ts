import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { jsonLines } from '../link/json-lines.js';

/** One line of what the daemon tells while it builds, pulls or imports an image (Engine API, POST /build). */
export interface ImageLine {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/** How many of the last lines are told with an error. */
const LAST_WORDS = 4;

/**
 * Reads the daemon's answer to its end. The daemon answers 200 before it begins, so that an error stands in the
 * stream: rejects with it, and with the last lines that the failed step wrote.
 */
export async function followImage(
  answer: NodeJS.ReadableStream,
  onLine: (line: ImageLine) => void = () => {},
): Promise<void> {
  const last: string[] = [];
  let error: string | undefined;
  const take = jsonLines((text) => {
    const line = parse(text);
    if (line.error !== undefined) error = line.error;
    else last.push(...wordsOf(line.stream ?? ''));
    last.splice(0, Math.max(0, last.length - LAST_WORDS));
    onLine(line);
  });
  for await (const chunk of answer as Readable) take(chunk as Buffer);
  if (error === undefined) return;
  const words = last.length > 0 ? `; before that: ${last.join(' / ')}` : '';
  throw new Error(`${error}${words}`);
}

/** What the failed command wrote: without its colours, and without what the builder says of its own containers. */
function wordsOf(stream: string): string[] {
  const lines = stripVTControlCharacters(stream).split('\n');
  return lines.filter((text) => text.trim() !== '' && !/^(Removing intermediate| ?--->)/.test(text));
}

function parse(text: string): ImageLine {
  try {
    return JSON.parse(text) as ImageLine;
  } catch {
    return { stream: text };
  }
}
