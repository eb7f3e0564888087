/**
 * Runs a request with a signal that aborts it after `ms`; the timer never outlives the request. It rejects then in any
 * case: the library does not tell of an answer whose connection breaks between its head and its end.
 */
export async function withDeadline<T>(ms: number, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const control = new AbortController();
  const { signal } = control;
  const timer = setTimeout(() => control.abort(), ms);
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([request(signal), over]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether that was a deadline of ours. */
export function isDeadline(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { name?: string; code?: string };
  return name === 'AbortError' || code === 'ABORT_ERR';
}

/** HTTP status that the daemon refused a request with, or undefined. */
export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number } | undefined)?.statusCode;
}

/** Longest part of a daemon's own words that is kept. */
const MOST_WORDS = 500;

/** The same text with ids as Docker itself shortens them: 12 digits of 64. */
export const shortIds = (text: string): string => text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');

/** The daemon's own words without the HTTP wrapping of the library. */
export function reasonOf(error: unknown): string {
  const { json, message } = (error ?? {}) as { json?: { message?: unknown }; message?: string };
  const words = typeof json?.message === 'string' ? json.message : (message ?? String(error));
  return shortIds(words).trim().slice(0, MOST_WORDS);
}
