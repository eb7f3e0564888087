import { isIPv4, type Socket } from 'node:net';
import { joinHostPort } from '../../linux/ip-address.js';
import { daysOf } from './certificate.js';
import { openUnix } from './connect.js';
import { HttpError } from './http-error.js';
import { type Progress, type Task, timed } from './progress.js';
import { connectRace } from './race.js';
import { resolveHost } from './resolve.js';
import { openSocks } from './socks.js';
import { openTls } from './tls.js';
import { openTunnel } from './tunnel.js';

/** HTTP/1.1 first: HTTP/2 is for a server that speaks nothing else. */
const PROTOCOLS = ['http/1.1', 'h2'];

/** A connection on which the target is spoken to: its own, or one that a proxy made. It stands in `progress` as well. */
export async function openConnection(task: Task, progress: Progress, signal: AbortSignal): Promise<Socket> {
  const { endpoint, way, timeoutMs, resolver, clock, open } = task;
  const { socketPath } = endpoint;
  if (socketPath !== null) {
    progress.address = socketPath;
    progress.socket = await timed(progress, clock, 'connect', () => openUnix(socketPath, signal));
    return progress.socket;
  }
  const to = way.proxy ?? endpoint;
  const socks = way.proxy?.socks ?? null;
  const host = socks && !socks.namesThere ? await addressFor(task, progress, signal) : endpoint.host;
  const addresses = await timed(progress, clock, 'dns', () =>
    resolveHost(to.host, timeoutMs, signal, resolver),
  );
  return await timed(progress, clock, 'connect', async () => {
    const tries = (address: string): void => {
      progress.address ??= address;
    };
    const raced = await connectRace(addresses, to.port, { signal, clock, tries, ...(open ? { open } : {}) });
    progress.address = raced.address;
    progress.socket = raced.socket;
    if (raced.note) progress.notes.push(raced.note);
    const now = clock.wall();
    if (way.proxy?.secure)
      progress.socket = await openTls(raced.socket, way.proxy.host, { signal, now, protocols: ['http/1.1'] });
    if (way.proxy && socks) {
      const at = { host, port: endpoint.port };
      progress.socket = await openSocks(progress.socket, { ...way.proxy, socks }, at, signal);
      progress.atTarget = true;
    } else if (way.proxy && endpoint.secure) {
      const target = joinHostPort(endpoint.host, endpoint.port);
      progress.socket = await openTunnel(progress.socket, way.proxy, target, signal);
    }
    return progress.socket;
  });
}

/** Where a SOCKS proxy is told an address: the target's, looked up here; of version 4 an IPv4 one. */
async function addressFor(
  { endpoint, way, timeoutMs, resolver, clock }: Task,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  progress.atTarget = true;
  const addresses = await timed(progress, clock, 'dns', () =>
    resolveHost(endpoint.host, timeoutMs, signal, resolver),
  );
  progress.atTarget = false;
  const fits = addresses.filter((one) => way.proxy?.socks?.version === 5 || isIPv4(one));
  if (fits[0] === undefined)
    throw new HttpError(
      'proxy',
      'dns',
      `${way.proxy?.called} takes IPv4 alone, and ${endpoint.host} has none`,
    );
  return fits[0];
}

/** The same connection with the target's TLS on it. */
export async function secureConnection(
  { endpoint, clock, ca }: Task,
  progress: Progress,
  signal: AbortSignal,
  plain: Socket,
): Promise<Socket> {
  const now = clock.wall();
  const options = { signal, now, ca, protocols: PROTOCOLS };
  const secure = await timed(progress, clock, 'tls', () => openTls(plain, endpoint.host, options));
  progress.certificate = daysOf(secure.getPeerCertificate(true), now);
  progress.socket = secure;
  return secure;
}
