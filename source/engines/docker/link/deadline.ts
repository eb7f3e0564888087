/** Runs a request with a signal that aborts it after `ms`; the timer never outlives the request. */
export async function withDeadline<T>(ms: number, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), ms);
  try {
    return await request(control.signal);
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
