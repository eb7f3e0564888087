import { targetsOf, type WatchSettings } from '../../probes/watch-settings.js';
import { parseEdge } from './edge.js';
import { parseName } from './lookup-name.js';
import type { OptionTable, ParsedArguments } from './options.js';
import { isServerTarget, parseServerTarget } from './server-target.js';
import { oneDatabase, parseDatabase, parseRedis } from './server-url.js';
import { parseTarget } from './target-url.js';
import { UsageError } from './usage-error.js';

/** What to watch besides what a host shows by itself: for the console and for `check`. */
export const WATCH_OPTIONS: OptionTable = {
  target: {
    value: 'URL',
    help: 'probe http(s)://, tcp://, unix:/SOCKET, postgres://, redis:// or mysql://',
    example: 'http://127.0.0.1:8080/',
    repeatable: true,
  },
  name: {
    value: 'NAME',
    help: 'a name to look up',
    example: 'api.internal',
    repeatable: true,
  },
  database: {
    value: 'URL',
    help: 'a PostgreSQL server to enter, postgres://USER:PASSWORD@HOST:5432/DATABASE',
    example: 'postgres://USER:PASSWORD@127.0.0.1:5432/shop',
    repeatable: true,
  },
  redis: {
    value: 'URL',
    help: 'a Redis server to PING, redis://HOST:6379',
    example: 'redis://127.0.0.1:6379',
  },
  edge: {
    value: 'SOURCE,TARGET:PORT',
    help: 'a connection that a container needs, tried even where none is open',
    example: 'web,postgres:5432',
    repeatable: true,
  },
};

/** Of whatever lists latent risks. */
export const NO_RISKS: OptionTable[string] = {
  help: 'leave out latent risks: what is well now and will fail one day',
};

/** What their help has no room for. */
export const WATCH_ABOUT: readonly string[] = [
  '--target: an http or https URL is asked as clients ask it, by the proxy of http_proxy and the like where one is set;',
  'tcp://HOST:PORT is connected to and nothing sent; unix:/run/app.sock:/path asks a socket in the file system.',
  'postgres://USER@HOST/DATABASE and redis://HOST are entered, with the password of PGPASSWORD, PGPASSFILE, REDISCLI_AUTH',
  'or FAULTLINE_PASSWORD; of mysql://HOST only the greeting is read. A password in the URL is refused.',
  '--name: NAME is asked as this host asks, NAME@SERVER[:PORT] of that server, and CONTAINER/NAME from inside that',
  'container or compose service. --edge names containers in the same way.',
  '--database enters as its application does, without TLS, and times SELECT 1; a password is better left to PGPASSWORD.',
  'Given again for the same server, the second login (one with reserved slots) counts connections where the first is',
  'turned away.',
];

/** Reads them. Throws UsageError, one line with what is wrong and never a password. */
export function readWatchSettings(args: ParsedArguments): WatchSettings {
  const typed = args.values('target');
  const urls = [...new Set(typed.filter((one) => !isServerTarget(one)).map(parseTarget))];
  const servers = typed.filter(isServerTarget).map(parseServerTarget);
  const redis = args.value('redis');
  const logins = servers.flatMap((one) => (one.kind === 'postgres' ? [one.login] : []));
  const caches = servers.flatMap((one) => (one.kind === 'redis' ? [one.server] : []));
  const mysql = servers.flatMap((one) => (one.kind === 'mysql' ? [one.server] : []));
  if (caches.length + (redis === undefined ? 0 : 1) > 1)
    throw new UsageError('one Redis server can be watched: --redis or --target redis:// once');
  return {
    targets: targetsOf(urls),
    names: args.values('name').map(parseName),
    edges: args.values('edge').map(parseEdge),
    databases: oneDatabase([...args.values('database').map(parseDatabase), ...logins]),
    redis: redis === undefined ? caches : [parseRedis(redis)],
    ...(mysql.length > 0 ? { mysql } : {}),
  };
}
