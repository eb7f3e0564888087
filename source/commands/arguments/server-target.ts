import type { PostgresTarget, WatchSettings } from '../../probes/watch-settings.js';
import { passwordFor } from './server-password.js';
import { decoded, hostOf, parsed } from './server-url.js';
import { UsageError } from './usage-error.js';

const WRITE = {
  postgres: 'postgres://USER@HOST:5432/DATABASE',
  redis: 'redis://HOST:6379',
  mysql: 'mysql://HOST:3306',
} as const;

/** A server of `--target` that speaks no HTTP. */
export type ServerTarget =
  | { readonly kind: 'postgres'; readonly login: PostgresTarget }
  | { readonly kind: 'redis'; readonly server: WatchSettings['redis'][number] }
  | { readonly kind: 'mysql'; readonly server: { readonly host: string; readonly port: number } };

/** Whether `--target` names such a server. */
export const isServerTarget = (text: string): boolean =>
  /^(postgres|postgresql|redis|mysql|mariadb):\/\//i.test(text);

/**
 * The server of `--target postgres://USER@HOST/DATABASE`, `redis://HOST` or `mysql://HOST`. A password is taken from
 * the environment or a file, and never from the URL. Throws UsageError, which never repeats what was typed.
 */
export function parseServerTarget(text: string): ServerTarget {
  const scheme = /^[a-z]+/i.exec(text)?.[0]?.toLowerCase() ?? '';
  const kind = scheme.startsWith('postgres') ? 'postgres' : scheme === 'redis' ? 'redis' : 'mysql';
  const url = parsed('--target', text, /^(postgres|postgresql|redis|mysql|mariadb):$/, WRITE[kind]);
  if (url.password !== '' || (kind !== 'postgres' && url.username !== ''))
    throw new UsageError(
      `--target ${kind}:// carries a ${url.password === '' ? 'login' : 'password'}, which would be printed: write ${WRITE[kind]}, and ${PASSWORD_FROM[kind]}`,
    );
  const named = decoded(url.pathname.slice(1));
  if (url.search !== '' || url.hash !== '' || (kind !== 'postgres' && named !== ''))
    throw new UsageError(`--target ${kind}:// takes no more than this: write ${WRITE[kind]}`);
  const host = hostOf(url);
  if (kind === 'mysql') return { kind, server: { host, port: Number(url.port || 3306) } };
  if (kind === 'redis') {
    const port = Number(url.port || 6379);
    const password = passwordFor('redis', { host, port, database: '', user: '' });
    return { kind, server: { host, port, ...(password === '' ? {} : { password }) } };
  }
  const user = decoded(url.username);
  if (user === '') throw new UsageError(`--target postgres:// names no user: write ${WRITE.postgres}`);
  const login = { host, port: Number(url.port || 5432), database: named || user, user };
  return { kind, login: { kind, ...login, password: passwordFor('postgres', login) } };
}

const PASSWORD_FROM = {
  postgres: 'give the password in PGPASSWORD, PGPASSFILE or FAULTLINE_PASSWORD',
  redis: 'give the password in REDISCLI_AUTH or FAULTLINE_PASSWORD',
  mysql: 'no password: only its greeting is read',
} as const;
