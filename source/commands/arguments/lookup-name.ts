import { isIP } from 'node:net';
import type { NameToLookUp } from '../../probes/watch-settings.js';
import { UsageError } from './usage-error.js';

const EXAMPLE = 'write one like api.internal, api.internal@10.0.0.2 or web/api.internal';
/** Labels of letters, digits, hyphens and underscores (RFC 1123, and RFC 2782 for the underscore). */
const NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
const DNS_PORT = 53;

/**
 * A name of `--name`: `NAME` as this host asks for it, `NAME@SERVER[:PORT]` asked of that server, `CONTAINER/NAME` as
 * that container or compose service asks for it. Throws UsageError that says what is wrong.
 */
export function parseName(text: string): NameToLookUp {
  const [, inside, rest = ''] = /^(?:([^/@]*)\/)?(.*)$/s.exec(text) ?? [];
  const at = rest.indexOf('@');
  const name = at < 0 ? rest : rest.slice(0, at);
  if (inside === '' || !NAME.test(name)) throw new UsageError(`--name ${text} is not a name: ${EXAMPLE}`);
  if (isIP(name) !== 0) throw new UsageError(`--name ${text} is an address: there is nothing to look up`);
  if (at < 0) return { name, inside: inside ?? null, server: null };
  if (inside !== undefined)
    throw new UsageError(`--name ${text}: a container asks its own resolvers: leave ${rest.slice(at)} out`);
  return { name, inside: null, server: serverOf(rest.slice(at + 1), text) };
}

function serverOf(typed: string, text: string): NonNullable<NameToLookUp['server']> {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(typed) ?? [];
  const address = isIP(typed) === 6 ? typed : (bracketed ?? plain ?? '');
  const number = port === undefined ? DNS_PORT : Number(port);
  if (isIP(address) === 0 || number < 1 || number > 65_535)
    throw new UsageError(
      `--name ${text}: what stands behind @ is the server's address, as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53`,
    );
  return { address, port: number };
}
