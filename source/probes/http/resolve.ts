import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { systemClock } from '../../clock.js';
import { type HostResolver, readHostResolver } from '../../linux/resolver/host-resolver.js';
import { parseResolvConf } from '../../linux/resolver/resolv-conf.js';
import { askAsLibc } from '../dns/ask-as-libc.js';
import { askGetent } from '../dns/getent.js';
import { type GivenByHost, lookUpAsHost } from '../dns/look-up-as-host.js';
import { HttpError } from './http-error.js';

/**
 * Addresses of a host as an application on this host gets them, IPv4 first: itself when it is one, then `localhost`,
 * then what the sources of nsswitch.conf give, asked in their order; where they give none, or one of them is no source
 * of ours, `getent` has the last word. `resolver` (`address:port`) is asked instead of all of them. Rejects with
 * HttpError in phase `dns`.
 */
export async function resolveHost(
  host: string,
  timeoutMs: number,
  signal: AbortSignal,
  resolver?: string,
): Promise<string[]> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(name)) return [name];
  // RFC 6761 6.3: localhost is loopback, and no question for a server.
  if (/(^|\.)localhost\.?$/i.test(name)) return ['127.0.0.1', '::1'];
  if (process.platform !== 'linux' && !resolver) return await lookUpElsewhere(name);
  const until = systemClock.now() + timeoutMs;
  const own = readHostResolver();
  const found = resolver
    ? await askOne(name, own, resolver, signal)
    : await lookUpAsHost(name, own, systemClock, signal);
  if (found.addresses.length > 0) return v4First(found.addresses);
  if (!resolver) {
    const given = await askGetent(name, until - systemClock.now(), signal);
    signal.throwIfAborted();
    if (given) return v4First(given);
  }
  throw explain(name, found);
}

const v4First = (addresses: readonly string[]): string[] => [
  ...new Set([...addresses.filter((one) => !isIPv6(one)), ...addresses.filter((one) => isIPv6(one))]),
];

async function askOne(
  name: string,
  own: HostResolver,
  resolver: string,
  signal: AbortSignal,
): Promise<GivenByHost> {
  const [, address = resolver, port = '53'] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(resolver) ?? [];
  const conf = { ...own.conf, nameservers: [address], options: parseResolvConf('').options };
  const dns = await askAsLibc(name, { conf, libc: own.libc, clock: systemClock, signal, port: Number(port) });
  return { addresses: dns.addresses, sources: ['dns'], dns };
}

async function lookUpElsewhere(name: string): Promise<string[]> {
  try {
    return v4First((await lookup(name, { all: true })).map(({ address }) => address));
  } catch (error) {
    throw new HttpError(
      'no-name',
      'dns',
      `${name} has no address (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}

function explain(name: string, { dns, sources }: GivenByHost): HttpError {
  if (!dns)
    return new HttpError(
      'no-name',
      'dns',
      `${name} has no address (${sources.join(', ') || 'no source'} of nsswitch.conf)`,
    );
  const { end, outcome, server, truncated } = dns;
  if (end === 'denied')
    return new HttpError('no-name', 'dns', `${name} has no address (${outcome} from ${server})`);
  if (end === 'failed')
    return new HttpError('no-name', 'dns', `${server} could not answer for ${name} (${outcome})`);
  if (truncated && end === 'silent')
    return new HttpError(
      outcome === 'timeout' ? 'timeout' : 'no-name',
      'dns',
      `the answer of ${server} for ${name} does not fit into UDP, and its TCP port 53 ${outcome === 'timeout' ? 'does not answer' : `is ${outcome}`}`,
    );
  if (outcome === 'refused')
    return new HttpError('no-name', 'dns', `no resolver can be asked at ${server}: nothing listens there`);
  if (outcome === 'unreachable')
    return new HttpError('no-name', 'dns', `no resolver can be asked at ${server}: no route leads there`);
  return new HttpError('timeout', 'dns', `no answer for ${name} from ${server}`);
}
