import { sanitise } from '../../terminal/sanitise.js';
import type { PostgresSample } from '../samples.js';

type Failure = NonNullable<PostgresSample['failure']>;

/**
 * Tells the ways apart in which a client does not get in. SQLSTATE as in PostgreSQL's appendix A: 53300
 * too_many_connections, class 28 invalid authorization, class 57P operator intervention and start-up.
 */
export function explainPostgresError(
  error: unknown,
  at: { readonly address: string; readonly connected: boolean; readonly timeoutMs: number },
): Failure {
  const { message = String(error), name } = error as Error;
  // A DOMException's code is a number; a server's and a socket's are texts.
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const said = sanitise(message, 200);
  if (code === '53300') return { kind: 'too-many-connections', text: said };
  if (code.startsWith('28')) return { kind: 'authentication', text: said };
  if (code === 'ECONNREFUSED')
    return { kind: 'refused', text: `connection refused: nobody listens at ${at.address}` };
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT') {
    const where = at.connected ? 'connected, but SELECT 1 was not answered' : 'no session was granted';
    return { kind: 'timeout', text: `${where} within ${at.timeoutMs / 1000} s` };
  }
  if (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /terminated unexpectedly|Connection terminated/.test(message)
  )
    return { kind: 'reset', text: `${at.address} broke the connection off` };
  return { kind: 'other', text: code ? `${said} (${code})` : said };
}
