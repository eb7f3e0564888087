import { BlockList, isIP } from 'node:net';
import { joinHostPort } from '../../linux/ip-address.js';
import type { TargetEndpoint } from './endpoint.js';

/** A proxy that the environment names for a target. */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** Whether it is spoken to by TLS. */
  readonly secure: boolean;
  /** Of one that knows no HTTP and connects to whatever it is told: its protocol, and who looks names up. Null: by HTTP. */
  readonly socks: Socks | null;
  /** Value of Proxy-Authorization, a secret, or null. */
  readonly authorization: string | null;
  /** `proxy 10.0.0.1:3128 (http_proxy)`: for a person, without its login. */
  readonly called: string;
}

export interface Socks {
  readonly version: 4 | 5;
  /** Whether the proxy is told the name (`socks4a`, `socks5h`); else it is looked up here. */
  readonly namesThere: boolean;
  /** Secrets; '' where there are none. */
  readonly user: string;
  readonly password: string;
}

/** Kinds by their scheme, as curl(1) takes them. */
const SOCKS: Readonly<Record<string, Pick<Socks, 'version' | 'namesThere'>>> = {
  'socks:': { version: 4, namesThere: false },
  'socks4:': { version: 4, namesThere: false },
  'socks4a:': { version: 4, namesThere: true },
  'socks5:': { version: 5, namesThere: false },
  'socks5h:': { version: 5, namesThere: true },
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** What stands between a target and us: a proxy, nothing, or one that is not understood and left out. */
export type Way = { readonly proxy: HttpProxy | null; readonly note: string | null };

const DIRECT: Way = { proxy: null, note: null };
/** Where the environment gives no port (curl(1), --proxy). */
const USUAL_PORT = 1080;

/**
 * The way to a target as clients take it: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in small letters
 * first. As with Go and browsers, this machine's own loopback is never asked by a proxy.
 */
export function wayTo(target: TargetEndpoint, env: Environment): Way {
  if (target.kind === 'tcp' || target.socketPath !== null || isLoopback(target.host)) return DIRECT;
  const names = [target.secure ? 'https_proxy' : 'http_proxy', 'all_proxy'];
  const [from, value] = names.map((name) => setting(env, name)).find((found) => found !== undefined) ?? [];
  if (from === undefined || value === undefined) return DIRECT;
  const [, exceptions = ''] = setting(env, 'no_proxy') ?? [];
  if (isException(target, exceptions)) return DIRECT;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '')
    return { proxy: null, note: `asked directly: ${from} is no address` };
  const kind = SOCKS[url.protocol];
  if (kind === undefined && url.protocol !== 'http:' && url.protocol !== 'https:')
    return {
      proxy: null,
      note: `asked directly: ${from} is of a kind that is not spoken here (${url.protocol})`,
    };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = portOf(url, text);
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const login = `${user}:${password}`;
  return {
    note: null,
    proxy: {
      ...{ host, port, secure: url.protocol === 'https:' },
      socks: kind ? { ...kind, user, password } : null,
      authorization: login === ':' ? null : `Basic ${Buffer.from(login).toString('base64')}`,
      called: `${kind ? `SOCKS${kind.version} ` : ''}proxy ${joinHostPort(host, port)} (${from})`,
    },
  };
}

/** A variable by its name in small letters, else in capitals, with the name that it was found by; empty is unset. */
function setting(env: Environment, name: string): readonly [string, string] | undefined {
  for (const key of [name, name.toUpperCase()]) {
    const value = env[key]?.trim();
    if (value) return [key, value];
  }
  return undefined;
}

/** The URL standard drops a port that is the usual one of its scheme: written out it is meant. */
function portOf(url: URL, text: string): number {
  if (url.port !== '') return Number(url.port);
  if (SOCKS[url.protocol]) return USUAL_PORT;
  const usual = url.protocol === 'https:' ? 443 : 80;
  return new RegExp(`:${usual}/?$`).test(text) || url.protocol === 'https:' ? usual : USUAL_PORT;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isLoopback = (host: string): boolean => /^127\.|^::1$|^0\.0\.0\.0$|(^|\.)localhost\.?$/i.test(host);

/** `no_proxy`: names with all below them, addresses, networks as `10.0.0.0/8`, a port behind any of them, or `*`. */
function isException({ host, port }: TargetEndpoint, list: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '' || entry === '*') return entry === '*';
      const [, pattern = entry, only] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
      if (only !== undefined && Number(only) !== port) return false;
      const bare = pattern.replace(/^\*?\./, '').replace(/^\[(.*)\]$/, '$1');
      if (bare.includes('/')) return isWithin(name, bare);
      return name === bare || (isIP(name) === 0 && name.endsWith(`.${bare}`));
    });
}

/** Whether an address lies in a network: `10.0.0.0/8`, `fd00::/8`. */
function isWithin(address: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const family = isIP(base);
  if (family === 0 || isIP(address) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 6 ? 128 : 32)) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(base, Number(bits), type);
  return list.check(address, type);
}
