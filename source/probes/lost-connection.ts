/** How a connection to a server ended that its protocol has no word for. */
export interface LostConnection {
  readonly kind: 'refused' | 'timeout' | 'reset';
  readonly text: string;
}

/**
 * Tells a refused, timed out or broken connection from the error of its socket; undefined when it is none of these.
 * `waited` says what was waited for in vain, `timeoutMs` is how long.
 */
export function lostConnection(
  error: unknown,
  at: { readonly address: string; readonly timeoutMs: number; readonly waited: string },
): LostConnection | undefined {
  const { name } = error as Error;
  // A DOMException's code is a number; a server's and a socket's are texts.
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code === 'ECONNREFUSED')
    return { kind: 'refused', text: `connection refused: nobody listens at ${at.address}` };
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT')
    return { kind: 'timeout', text: `${at.waited} within ${at.timeoutMs / 1000} s` };
  if (code === 'ECONNRESET' || code === 'EPIPE') return brokenOff(at.address);
  return undefined;
}

export const brokenOff = (address: string): LostConnection => ({
  kind: 'reset',
  text: `${address} broke the connection off`,
});
