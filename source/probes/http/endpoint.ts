import { splitUnixPath } from './unix-path.js';

/** Where a target is reached, and what is asked there. */
export interface TargetEndpoint {
  readonly kind: 'http' | 'tcp';
  readonly secure: boolean;
  /** A name or an address without brackets; '' for a socket in the file system. */
  readonly host: string;
  readonly port: number;
  /** Path of a socket in the file system, or null. */
  readonly socketPath: string | null;
  /** As the Host header says it. */
  readonly hostHeader: string;
  /** Path and query of the request. */
  readonly path: string;
}

const DEFAULT_PORT: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * What `http://`, `https://`, `tcp://host:port` and `unix:/socket:/path` lead to. Throws TypeError for any other URL;
 * its message holds no part of the URL, which may be a secret.
 */
export function endpointOf(text: string): TargetEndpoint {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (url.protocol === 'unix:') {
    const { socket, path } = splitUnixPath(`${url.pathname}${url.search}`);
    const at = { host: '', port: 0, socketPath: decodeURIComponent(socket), hostHeader: 'localhost' };
    return { kind: 'http', secure: false, ...at, path };
  }
  const port = url.port === '' ? DEFAULT_PORT[url.protocol] : Number(url.port);
  if (host === '' || port === undefined) throw new TypeError('not an http, https, tcp or unix URL');
  const at = { host, port, socketPath: null, hostHeader: url.host, path: `${url.pathname}${url.search}` };
  if (url.protocol === 'tcp:') return { kind: 'tcp', secure: false, ...at };
  if (url.protocol === 'http:' || url.protocol === 'https:')
    return { kind: 'http', secure: url.protocol === 'https:', ...at };
  throw new TypeError('not an http, https, tcp or unix URL');
}
