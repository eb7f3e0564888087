import type { PostgresTarget, WatchSettings } from '../../probes/watch-settings.js';
import { UsageError } from './usage-error.js';

const DATABASE = 'postgres://USER:PASSWORD@HOST:5432/DATABASE';
const REDIS = 'redis://HOST:6379';

/**
 * The database of `--database`, with what was left out as libpq has it: port 5432, the user's own database, the
 * password of PGPASSWORD. Throws UsageError, which never repeats what was typed: it may hold a password.
 */
export function parseDatabase(text: string): PostgresTarget {
  const url = parsed('--database', text, /^postgres(ql)?:$/, DATABASE);
  const user = decoded(url.username);
  if (user === '') throw new UsageError(`--database names no user: write ${DATABASE}`);
  const [parameter] = url.searchParams.keys();
  if (parameter !== undefined || url.hash !== '')
    throw new UsageError('--database takes no parameters behind the database: it connects without TLS');
  return {
    kind: 'postgres',
    host: hostOf(url),
    port: Number(url.port || 5432),
    database: decoded(url.pathname.slice(1)) || user,
    user,
    password: decoded(url.password) || (process.env.PGPASSWORD ?? ''),
  };
}

/**
 * One server, with the second login for it as the one that counts connections where the first is turned away. Throws
 * UsageError for two servers.
 */
export function oneDatabase(logins: readonly PostgresTarget[]): WatchSettings['databases'] {
  const [first, second, ...more] = logins;
  if (!first) return [];
  if (!second) return [first];
  const others = [second, ...more].filter(({ host, port }) => host !== first.host || port !== first.port);
  if (others[0])
    throw new UsageError(
      `--database is given for ${first.host}:${first.port} and for ${others[0].host}:${others[0].port}: one server can be watched`,
    );
  if (more.length > 0)
    throw new UsageError(
      '--database has more than two logins: the second counts connections where the first is turned away',
    );
  return [{ ...first, reserve: { user: second.user, password: second.password } }];
}

/** The server of `--redis`. Throws UsageError, which never repeats what was typed: it may hold a password. */
export function parseRedis(text: string): WatchSettings['redis'][number] {
  const url = parsed('--redis', text, /^redis:$/, REDIS);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(`--redis carries a login, and PING is asked without one: write ${REDIS}`);
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    throw new UsageError(`--redis takes a host and a port alone: write ${REDIS}`);
  return { host: hostOf(url), port: Number(url.port || 6379) };
}

/** A URL of one of these schemes; throws UsageError, which never repeats what was typed. */
export function parsed(option: string, text: string, protocol: RegExp, example: string): URL {
  const [scheme] = /^[a-z][a-z0-9+.-]*:/i.exec(text) ?? [];
  if (scheme === undefined || !protocol.test(scheme.toLowerCase()) || !text.startsWith('//', scheme.length))
    throw new UsageError(`${option} does not begin with ${example.split('//')[0]}//: write ${example}`);
  if (!URL.canParse(text))
    throw new UsageError(
      `${option} is not a URL: write ${example}, and / ? # @ : % within a password as %2F %3F %23 %40 %3A %25`,
    );
  const url = new URL(text);
  if (url.hostname === '') throw new UsageError(`${option} names no host: write ${example}`);
  if (url.port === '0') throw new UsageError(`${option} names port 0: write ${example}`);
  return url;
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError('--database holds a % that begins no character: write it as %25');
  }
}

export const hostOf = ({ hostname }: URL): string => decoded(hostname).replace(/^\[|\]$/g, '');
