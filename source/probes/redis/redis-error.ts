import { sanitise } from '../../terminal/sanitise.js';
import { brokenOff, lostConnection } from '../lost-connection.js';
import type { RedisSample } from './sample.js';
import { RedisClosed, RedisRefusal } from './session.js';

type Failure = NonNullable<RedisSample['failure']>;

/** Tells the ways apart in which Redis does not answer PING. The words of its errors are of src/server.c (Redis 7). */
export function explainRedisError(
  error: unknown,
  at: { readonly address: string; readonly connected: boolean; readonly timeoutMs: number },
): Failure {
  const { message = String(error) } = error as Error;
  const said = sanitise(message, 200);
  if (error instanceof RedisRefusal) {
    if (said.startsWith('LOADING')) return { kind: 'loading', text: said };
    if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(said)) return { kind: 'authentication', text: said };
    return { kind: 'other', text: said };
  }
  if (error instanceof RedisClosed) return brokenOff(at.address);
  const waited = at.connected ? 'connected, but PING was not answered' : 'no answer to SYN';
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return (
    lostConnection(error, { ...at, waited }) ?? { kind: 'other', text: code ? `${said} (${code})` : said }
  );
}
