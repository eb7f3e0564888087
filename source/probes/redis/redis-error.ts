import { sanitise } from '../../terminal/sanitise.js';
import type { RedisSample } from '../samples.js';
import { RedisClosed, RedisRefusal } from './session.js';

type Failure = NonNullable<RedisSample['failure']>;

/** Tells the ways apart in which Redis does not answer PING. The words of its errors are of src/server.c (Redis 7). */
export function explainRedisError(
  error: unknown,
  at: { readonly address: string; readonly connected: boolean; readonly timeoutMs: number },
): Failure {
  const { message = String(error), name } = error as Error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const said = sanitise(message, 200);
  if (error instanceof RedisRefusal) {
    if (said.startsWith('LOADING')) return { kind: 'loading', text: said };
    if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(said)) return { kind: 'authentication', text: said };
    return { kind: 'other', text: said };
  }
  if (error instanceof RedisClosed || code === 'ECONNRESET' || code === 'EPIPE')
    return { kind: 'reset', text: `${at.address} broke the connection off` };
  if (code === 'ECONNREFUSED')
    return { kind: 'refused', text: `connection refused: nobody listens at ${at.address}` };
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT') {
    const where = at.connected ? 'connected, but PING was not answered' : 'no answer to SYN';
    return { kind: 'timeout', text: `${where} within ${at.timeoutMs / 1000} s` };
  }
  return { kind: 'other', text: code ? `${said} (${code})` : said };
}
