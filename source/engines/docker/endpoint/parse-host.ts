import { withoutLogin } from '../../../secrets.js';
import type { Endpoint, Resolved, TlsMaterial, TroubleKind } from './endpoint.js';

/** Ports of the Docker CLI where none is written: 2375 in the clear, 2376 with TLS (docker/cli opts/hosts.go). */
const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

/**
 * A Docker host as people write it: `unix:///path`, `tcp://host:port`, `https://host`, `ssh://user@host:port`, or a
 * bare `host:port`. `tls` is what to use over TCP, or null for none.
 */
export function parseHost(text: string, from: string, tls: TlsMaterial | null): Resolved {
  const address = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'unix') {
    const path = address.slice('unix://'.length);
    if (!path.startsWith('/')) return wrong(address, from, 'the path of the socket is not absolute');
    return { ok: true, endpoint: { kind: 'unix', path, address, from } };
  }
  if (scheme === 'npipe' || scheme === 'fd')
    return wrong(address, from, `${scheme}:// is an address of another system than this one`);
  const url = toUrl(scheme === undefined ? `tcp://${address}` : address);
  if (url === undefined || url.hostname === '') return wrong(address, from, 'it is no address');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? null : Number(url.port);
  // A password never reaches a screen or a log.
  const shown = scheme === 'ssh' && url.password === '' ? address : withoutLogin(address);
  const base = { address: scheme === undefined ? `tcp://${shown}` : shown, from, host };
  if (scheme === 'ssh') return ssh(url, { ...base, port });
  if (scheme !== undefined && !['tcp', 'http', 'https'].includes(scheme))
    return wrong(address, from, `${scheme}:// is not unix://, tcp:// or ssh://`);
  const material = tls ?? (scheme === 'https' ? { verify: true } : null);
  const endpoint: Endpoint = {
    ...base,
    kind: 'tcp',
    port: port ?? (material === null ? PLAIN_PORT : TLS_PORT),
    tls: material,
  };
  return { ok: true, endpoint };
}

/** A host or user that starts with a dash would be an option of the ssh program. */
function ssh(url: URL, base: { address: string; from: string; host: string; port: number | null }): Resolved {
  let user: string | null;
  try {
    user = url.username === '' ? null : decodeURIComponent(url.username);
  } catch {
    return wrong(base.address, base.from, 'the name of the user is not readable');
  }
  if (base.host.startsWith('-') || user?.startsWith('-'))
    return wrong(base.address, base.from, 'a host or user may not start with a dash');
  if (url.password !== '')
    return wrong(base.address, base.from, 'ssh:// takes no password; use a key or an ssh agent');
  const path = url.pathname.length > 1 ? url.pathname : null;
  return { ok: true, endpoint: { ...base, kind: 'ssh', user, path } };
}

function toUrl(text: string): URL | undefined {
  // The URL standard has no rules for the host and port of tcp: and ssh:, so those of ftp: are borrowed.
  const body = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  return URL.canParse(`ftp://${body}`) ? keepPort(body) : undefined;
}

/** `ftp:` drops its default port 21 and `http:` its 80: what the one drops the other keeps. */
function keepPort(body: string): URL {
  const first = new URL(`ftp://${body}`);
  return first.port === '' ? new URL(`http://${body}`) : first;
}

function wrong(text: string, from: string, why: string): Resolved {
  const kind: TroubleKind = 'setting';
  const address = withoutLogin(text);
  return {
    ok: false,
    trouble: {
      kind,
      endpoint: address === '' ? '(empty)' : address,
      what: `${why} (${from})`,
      mend:
        from === 'DOCKER_HOST'
          ? 'unset DOCKER_HOST   # or set it right'
          : 'docker context use default   # or another one: docker context ls',
    },
  };
}
