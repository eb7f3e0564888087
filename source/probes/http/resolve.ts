import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { tryReadText } from '../../linux/read-text.js';
import { candidateNames } from '../../linux/resolver/candidates.js';
import { lookupHosts } from '../../linux/resolver/hosts-file.js';
import { parseResolvConf } from '../../linux/resolver/resolv-conf.js';
import { HttpError } from './http-error.js';

/** c-ares codes that mean: the server said there is no such name, or no address for it. */
const MISSING = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EFORMERR']);

/**
 * Addresses of a host, IPv4 first: itself when it is one, then `localhost`, /etc/hosts, then DNS over c-ares with
 * the search list of resolv.conf. Never getaddrinfo: its four threads hang with the resolver. `resolver` is
 * `address:port`. Rejects with HttpError in phase `dns`.
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
  const known = lookupHosts(tryReadText('/etc/hosts') ?? '', name);
  if (known.length > 0) return known;
  return await askDns(name, timeoutMs, signal, resolver);
}

async function askDns(
  name: string,
  timeoutMs: number,
  signal: AbortSignal,
  resolver: string | undefined,
): Promise<string[]> {
  const cares = new dns.Resolver({ timeout: timeoutMs, tries: 1 });
  const cancel = (): void => cares.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (resolver) cares.setServers([resolver]);
    const conf = parseResolvConf(tryReadText('/etc/resolv.conf') ?? '');
    let problem: unknown;
    for (const candidate of candidateNames(name, conf.search, conf.ndots)) {
      const [v4, v6] = await Promise.allSettled([cares.resolve4(candidate), cares.resolve6(candidate)]);
      const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (found.length > 0) return found;
      problem = worse(v4, v6);
      if (!MISSING.has(codeOf(problem))) break;
    }
    throw explain(name, codeOf(problem), timeoutMs, resolver ?? conf.nameservers.join(', '));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** The answer that says more: a failure of the server before "no such name". */
function worse(...answers: PromiseSettledResult<string[]>[]): unknown {
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  return reasons.find((reason) => !MISSING.has(codeOf(reason))) ?? reasons[0];
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}

function explain(name: string, code: string, timeoutMs: number, server: string): HttpError {
  if (code === 'ETIMEOUT' || code === 'ECANCELLED')
    return new HttpError(
      'timeout',
      'dns',
      `no answer for ${name} from ${server} within ${timeoutMs / 1000} s`,
    );
  if (MISSING.has(code))
    return new HttpError('no-name', 'dns', `${name} has no address (${code} from ${server})`);
  if (code === 'ECONNREFUSED')
    return new HttpError('no-name', 'dns', `no resolver can be asked at ${server}`);
  return new HttpError('no-name', 'dns', `${server} could not answer for ${name} (${code || 'no answer'})`);
}
