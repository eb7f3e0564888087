import { isIP, isIPv4, type Socket } from 'node:net';
import { HttpError } from './http-error.js';
import type { HttpProxy, Socks } from './proxy.js';

/** RFC 1928, 6: why a SOCKS5 server does not connect. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'a general failure',
  2: 'its rules forbid it',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
};
/** socks4.protocol: granted is 90. */
const REFUSALS_4: Readonly<Record<number, string>> = {
  91: 'rejected or failed',
  92: 'it cannot reach identd here',
  93: 'identd here says another user',
};

/**
 * Has a SOCKS proxy connect to `host` and `port` on an open connection with it: what is sent from then on goes there.
 * Rejects with HttpError of the kind `proxy`, or with the socket's error or the signal's reason.
 */
export async function openSocks(
  socket: Socket,
  { called, socks }: Pick<HttpProxy, 'called'> & { readonly socks: Socks },
  to: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const bytes = new Incoming(socket, signal);
  try {
    await (socks.version === 5 ? five : four)(socket, bytes, { called, socks }, to);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    bytes.end();
  }
}

type Asked = { readonly called: string; readonly socks: Socks };
type To = { readonly host: string; readonly port: number };

async function five(socket: Socket, bytes: Incoming, { called, socks }: Asked, to: To): Promise<void> {
  const { user, password } = socks;
  const hasLogin = user !== '' || password !== '';
  socket.write(Buffer.from(hasLogin ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await bytes.take(2);
  if (version !== 5) throw notSocks(called);
  if (method === 0xff || (method === 2 && !hasLogin))
    throw refused(called, hasLogin ? 'takes no such login' : 'wants a login');
  if (method === 2) {
    const [name, secret] = [Buffer.from(user).subarray(0, 255), Buffer.from(password).subarray(0, 255)];
    socket.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([secret.length]), secret]));
    const [, status] = await bytes.take(2);
    if (status !== 0) throw refused(called, 'does not accept the login');
  } else if (method !== 0) throw notSocks(called);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), addressOf(to.host), portOf(to.port)]));
  const [reply, code = 1, , type] = await bytes.take(4);
  if (reply !== 5) throw notSocks(called);
  if (code !== 0) throw refused(called, 'cannot reach this target', REFUSALS[code] ?? `code ${code}`);
  // The address that it connects from says nothing to us.
  const length = type === 1 ? 4 : type === 4 ? 16 : ((await bytes.take(1))[0] ?? 0);
  await bytes.take(length + 2);
}

async function four(socket: Socket, bytes: Incoming, { called, socks }: Asked, to: To): Promise<void> {
  const isAddress = isIPv4(to.host);
  const address = isAddress ? to.host.split('.').map(Number) : [0, 0, 0, 1];
  socket.write(
    Buffer.concat([
      Buffer.from([4, 1]),
      portOf(to.port),
      Buffer.from(address),
      Buffer.from(`${socks.user}\0${isAddress ? '' : `${to.host}\0`}`),
    ]),
  );
  const [version, code = 91] = await bytes.take(8);
  if (version !== 0) throw notSocks(called);
  if (code !== 90) throw refused(called, 'cannot reach this target', REFUSALS_4[code] ?? `code ${code}`);
}

function addressOf(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...host.split('.').map(Number)]);
  if (isIP(host) === 6) return Buffer.concat([Buffer.from([4]), sixteenBytes(host)]);
  const name = Buffer.from(host).subarray(0, 255);
  return Buffer.concat([Buffer.from([3, name.length]), name]);
}

function sixteenBytes(address: string): Buffer {
  const plain = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts) => {
    const [a, b, c, d] = parts.slice(0, 4).map(Number) as [number, number, number, number];
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [before = '', after] = plain.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((one) => Number.parseInt(one, 16));
  const [head, tail] = [groups(before), groups(after ?? '')];
  const middle = after === undefined ? 0 : 8 - head.length - tail.length;
  const bytes = Buffer.alloc(16);
  for (const [i, value] of [...head, ...new Array<number>(middle).fill(0), ...tail].slice(0, 8).entries())
    bytes.writeUInt16BE(value, 2 * i);
  return bytes;
}

const portOf = (port: number): Buffer => Buffer.from([port >> 8, port & 0xff]);

const refused = (called: string, why: string, code?: string): HttpError =>
  new HttpError(
    'proxy',
    'connect',
    `${called} ${why}${code === undefined ? '' : `: ${code}`}`,
    `a proxy that ${why}`,
  );

const notSocks = (called: string): HttpError =>
  new HttpError(
    'proxy',
    'connect',
    `${called} does not speak SOCKS of that version`,
    'a proxy that does not speak SOCKS',
  );

/** The bytes of a connection, so many at a time; what comes behind stays for its next reader. */
class Incoming {
  private wanted:
    | { readonly count: number; done(bytes: Buffer): void; failed(reason: unknown): void }
    | undefined;
  private failure: unknown;

  constructor(
    private readonly socket: Socket,
    private readonly signal: AbortSignal,
  ) {
    socket.on('readable', this.give).on('error', this.fail).on('close', this.onClose);
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  take(count: number): Promise<Buffer> {
    return new Promise((done, failed) => {
      this.signal.throwIfAborted();
      if (this.failure !== undefined) throw this.failure;
      this.wanted = { count, done, failed };
      this.give();
    });
  }

  end(): void {
    this.socket.off('readable', this.give).off('error', this.fail).off('close', this.onClose);
    this.signal.removeEventListener('abort', this.onAbort);
  }

  private readonly give = (): void => {
    const { wanted } = this;
    if (!wanted) return;
    if (wanted.count === 0) {
      this.hand(Buffer.alloc(0));
      return;
    }
    const bytes = this.socket.read(wanted.count) as Buffer | null;
    // At the end of what was sent, less than was asked for is given.
    if (bytes !== null && bytes.length === wanted.count) this.hand(bytes);
  };

  private hand(bytes: Buffer): void {
    const { wanted } = this;
    this.wanted = undefined;
    wanted?.done(bytes);
  }

  private readonly fail = (reason: unknown): void => {
    this.failure ??= reason;
    this.wanted?.failed(reason);
    this.wanted = undefined;
  };
  private readonly onClose = (): void =>
    this.fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  private readonly onAbort = (): void => this.fail(this.signal.reason);
}
