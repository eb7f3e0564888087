import { sanitise } from '../../terminal/sanitise.js';
import { brokenOff, lostConnection } from '../lost-connection.js';
import type { PostgresSample } from './sample.js';

type Failure = NonNullable<PostgresSample['failure']>;

/**
 * Tells the ways apart in which a client does not get in. SQLSTATE as in PostgreSQL's appendix A: 53300
 * too_many_connections, class 28 invalid authorization, class 57P operator intervention and start-up.
 */
export function explainPostgresError(
  error: unknown,
  at: { readonly address: string; readonly connected: boolean; readonly timeoutMs: number },
): Failure {
  const { message = String(error) } = error as Error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const said = sanitise(message, 200);
  if (code === '53300') return { kind: 'too-many-connections', text: said };
  if (code.startsWith('28')) return { kind: 'authentication', text: said };
  const waited = at.connected ? 'connected, but SELECT 1 was not answered' : 'no session was granted';
  const lost = lostConnection(error, { ...at, waited });
  if (lost) return lost;
  if (/terminated unexpectedly|Connection terminated/.test(message)) return brokenOff(at.address);
  return { kind: 'other', text: code ? `${said} (${code})` : said };
}
