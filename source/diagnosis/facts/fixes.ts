import type { Fix } from '../../store/finding.js';
import { hostOf, splitAddress } from './addresses.js';

/** A text as one word of a shell's command, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The command that asks a target as its probe does. */
export function askCommand(url: string): string {
  if (url.startsWith('tcp:')) {
    const at = url.slice('tcp://'.length);
    return `nc -vz -w 5 ${hostOf(at)} ${splitAddress(at).port}`;
  }
  const [, socket, path = '/'] = /^unix:([^:]+)(?::(.*))?$/.exec(url) ?? [];
  if (socket !== undefined)
    return `curl -sv -m 5 --unix-socket ${quoted(socket)} ${quoted(`http://localhost${path}`)}`;
  return `curl -sv -m 5 ${quoted(url)}`;
}

/** What ends an outage, and the command that does it or shows where. */
export const now = (text: string, command?: string): Fix => ({
  when: 'now',
  text,
  ...(command === undefined ? {} : { command }),
});

/** What keeps it from coming back, and the name of the remedy that does it where there is a switch for it. */
export const later = (text: string, remedy?: string): Fix => ({
  when: 'later',
  text,
  ...(remedy === undefined ? {} : { remedy }),
});

/** What makes an application need its resolver less. */
export const FEWER_LOOKUPS: readonly Fix[] = [
  later('cache answers near the application; serve stale ones (RFC 8767)'),
  later('connection pool: no lookup for each request', 'pool'),
];
