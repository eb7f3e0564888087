import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startDns } from './dns-server.js';
import { closeAfter, deadPort, get, tcp, web } from './http-servers.js';

interface Served {
  readonly port: number;
  /** Each target as it was told, with the kind of address: `name shop.invalid:80`. */
  readonly told: string[];
}

/** A SOCKS server, versions 4, 4a and 5 with and without a login (RFC 1928, 1929); names lead to 127.0.0.1. */
async function socks({ login, refuse }: { login?: string; refuse?: number } = {}): Promise<Served> {
  const told: string[] = [];
  const port = await tcp((socket) => {
    serve(socket, told, login, refuse).catch(() => socket.destroy());
  });
  return { port, told };
}

async function serve(socket: Socket, told: string[], login?: string, refuse?: number): Promise<void> {
  const take = reader(socket);
  const [version] = await take(1);
  if (version === 4) {
    const [, high = 0, low = 0, ...address] = await take(7);
    await text(take);
    const isName = address[0] === 0 && address[1] === 0 && address[2] === 0;
    const host = isName ? await text(take) : address.join('.');
    told.push(`${isName ? 'name' : 'address'} ${host}:${high * 256 + low}`);
    socket.write(Buffer.from([0, refuse ?? 90, 0, 0, 0, 0, 0, 0]));
    if (refuse === undefined) lead(socket, high * 256 + low);
    return;
  }
  const [count = 0] = await take(1);
  const methods = [...(await take(count))];
  const method = login === undefined ? 0 : 2;
  socket.write(Buffer.from([5, methods.includes(method) ? method : 0xff]));
  if (method === 2) {
    const [, length = 0] = await take(2);
    const user = (await take(length)).toString();
    const [secrets = 0] = await take(1);
    const isRight = `${user}:${(await take(secrets)).toString()}` === login;
    socket.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return;
  }
  const [, , , type] = await take(4);
  const [length = 0] = type === 3 ? await take(1) : [type === 1 ? 4 : 16];
  const host = await take(length);
  const to = (await take(2)).readUInt16BE();
  const shown =
    type === 3 ? `name ${host}` : `address ${type === 1 ? [...host].join('.') : host.toString('hex')}`;
  told.push(`${shown}:${to}`);
  socket.write(Buffer.from([5, refuse ?? 0, 0, 1, 127, 0, 0, 1, 0, 0]));
  if (refuse === undefined) lead(socket, to);
}

function lead(socket: Socket, port: number): void {
  const to = connect(port, '127.0.0.1');
  to.on('error', () => socket.destroy());
  socket.on('close', () => to.destroy());
  socket.pipe(to).pipe(socket);
}

function reader(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      const bytes = socket.read(count) as Buffer | null;
      if (bytes !== null) return bytes;
      await new Promise((done) => socket.once('readable', done));
    }
  };
}

async function text(take: (count: number) => Promise<Buffer>): Promise<string> {
  let read = '';
  for (let byte = await take(1); byte[0] !== 0; byte = await take(1)) read += byte.toString('latin1');
  return read;
}

const page = () => web((_, response) => response.end('ok'));

describe('a SOCKS proxy of the environment', () => {
  it.each([
    ['socks5h', 'name shop.invalid'],
    ['socks4a', 'name shop.invalid'],
    ['socks5', 'address 127.0.0.2'],
    ['socks4', 'address 127.0.0.2'],
    ['socks', 'address 127.0.0.2'],
  ])('%s is told %s, and said', async (scheme, target) => {
    const to = await page();
    const { port, told } = await socks();
    const host = target.split(' ')[1];
    const env = { all_proxy: `${scheme}://127.0.0.1:${port}` };
    // A host of its own, so that the loopback rule does not keep it from the proxy.
    const sample = await get(`http://${host === '127.0.0.2' ? 'here.test' : host}:${to}/`, {
      env,
      ...(host === '127.0.0.2' ? { resolver: await nameserver() } : {}),
    });
    expect(sample).toMatchObject({ ok: true, status: 200 });
    expect(sample.note).toMatch(new RegExp(`^by SOCKS[45] proxy 127\\.0\\.0\\.1:${port} \\(all_proxy\\)$`));
    expect(told).toEqual([`${target}:${to}`]);
  });

  it('is asked as curl asks it', async () => {
    const to = await page();
    const ours = await socks({ login: 'me:p@ss' });
    const env = { http_proxy: `socks5h://me:p%40ss@127.0.0.1:${ours.port}` };
    expect(await get(`http://shop.invalid:${to}/`, { env })).toMatchObject({ ok: true });
    const curls = await socks({ login: 'me:p@ss' });
    const { stdout } = await promisify(execFile)('curl', ['-s', `http://shop.invalid:${to}/`], {
      env: { http_proxy: `socks5h://me:p%40ss@127.0.0.1:${curls.port}` },
    });
    expect(stdout).toBe('ok');
    expect(ours.told).toEqual(curls.told);
  });

  it('that does not connect, wants a login, is none or is gone is at fault, and not the target', async () => {
    const by = async (port: number, login = '') =>
      (
        await get('http://shop.invalid:81/', {
          env: { all_proxy: `socks5h://${login}127.0.0.1:${port}` },
          timeoutMs: 600,
        })
      ).failure;
    const refusing = await socks({ refuse: 5 });
    const called = (port: number) => `SOCKS5 proxy 127.0.0.1:${port} (all_proxy)`;
    expect(await by(refusing.port)).toMatchObject({
      kind: 'proxy',
      text: `${called(refusing.port)} cannot reach this target: connection refused`,
      short: 'a proxy that cannot reach this target',
    });
    const locked = await socks({ login: 'me:secret' });
    expect((await by(locked.port))?.short).toBe('a proxy that wants a login');
    expect((await by(locked.port, 'me:wrong@'))?.short).toBe('a proxy that does not accept the login');
    expect((await by(await page()))?.kind).toBe('proxy');
    expect((await by(await tcp(() => undefined)))?.short).toBe('a proxy that does not answer');
    expect((await by(await deadPort()))?.short).toBe('a proxy that refuses connections');
  });

  it('that has connected leaves what fails then to the target', async () => {
    const { port } = await socks();
    const env = { all_proxy: `socks5h://127.0.0.1:${port}` };
    const silent = await web(() => undefined);
    const closes = await tcp((socket) => socket.once('data', () => socket.end()));
    const plain = await page();
    const by = async (url: string) => (await get(url, { env, timeoutMs: 600 })).failure;
    expect(await by(`http://shop.invalid:${silent}/`)).toMatchObject({ kind: 'timeout', phase: 'firstByte' });
    expect(await by(`http://shop.invalid:${closes}/`)).toMatchObject({ kind: 'reset' });
    expect(await by(`https://shop.invalid:${plain}/`)).toMatchObject({ kind: 'tls' });
  });

  it('that is told an address needs one: a name without is missing here', async () => {
    const { port, told } = await socks();
    const { failure } = await get('http://gone.test/', {
      env: { all_proxy: `socks5://127.0.0.1:${port}` },
      resolver: await nameserver(),
    });
    expect(failure).toMatchObject({ kind: 'no-name', phase: 'dns' });
    expect(told).toEqual([]);
  });
});

/** A DNS server that knows here.test at 127.0.0.2. */
async function nameserver(): Promise<string> {
  const dns = closeAfter(
    await startDns((name, type) =>
      name !== 'here.test' ? { rcode: 'NXDOMAIN' } : { addresses: type === 'A' ? ['127.0.0.2'] : [] },
    ),
  );
  return `127.0.0.1:${dns.port}`;
}
