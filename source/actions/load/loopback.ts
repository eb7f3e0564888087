import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a URL's host is this machine itself: 127.0.0.0/8, ::1, or `localhost` (RFC 6761, section 6.3). */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost');
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The URL that load may be sent to. Throws an Error that names what is wrong when it is no http(s) URL, or not on
 * this machine while `allowRemote` is not set.
 */
export function loadTarget(url: string, allowRemote = false): URL {
  if (!URL.canParse(url)) throw new Error(`not a URL: ${url}`);
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new Error(`load goes to http or https only, not ${parsed.protocol}`);
  if (!allowRemote && !isLoopback(parsed))
    throw new Error(`${parsed.host} is not this machine: load is sent to loopback unless it is allowed`);
  return parsed;
}
