import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../source/clock.js';
import { startup } from '../../../source/probes/datastores/dialogues/postgres.js';
import { ping } from '../../../source/probes/datastores/dialogues/redis.js';
import { exchange } from '../../../source/probes/datastores/exchange.js';

/** Asks a server that does this with each connection; how it ended, and what is still open. */
async function ask(serve: (socket: Socket) => void, patienceMs = 400, dialogue = ping) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const { signal } = new AbortController();
    const ended = await exchange(socket, dialogue, { patienceMs, clock: systemClock, signal });
    return { ended, left: !socket.destroyed };
  } finally {
    server.close();
  }
}

describe('a dialogue with a server', () => {
  it('ends with its answer, and leaves no connection', async () => {
    const { ended, left } = await ask((socket) => socket.once('data', () => socket.write('+PONG\r\n')));
    expect(ended).toMatchObject({ verdict: { state: 'alive' }, closed: false, errno: null });
    expect(left).toBe(false);
  });

  it('ends where the server takes the connection and is silent', async () => {
    const { ended } = await ask(() => undefined);
    expect(ended).toMatchObject({ verdict: null, firstByteMs: null, closed: false });
    expect(ended.connectMs).not.toBeNull();
  });

  it('ends where the server closes without a word, resets, or closes in the middle of one', async () => {
    expect((await ask((socket) => socket.end())).ended).toMatchObject({ verdict: null, closed: true });
    expect((await ask((socket) => socket.resetAndDestroy())).ended).toMatchObject({
      verdict: null,
      closed: true,
    });
    expect((await ask((socket) => socket.end('+PO'))).ended).toMatchObject({ verdict: null, closed: true });
  });

  it('ends where the server never stops', async () => {
    const flood = (socket: Socket): void => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024, '+')));
        socket.once('drain', more);
      };
      more();
    };
    const { ended, left } = await ask(flood, 2_000);
    expect(ended.verdict?.state ?? 'other').toBe('other');
    expect(left).toBe(false);
  });

  it('ends where the server sends a byte now and then', async () => {
    const drip = (socket: Socket): void => {
      const timer = setInterval(() => socket.write('R'), 30);
      socket.on('close', () => clearInterval(timer));
    };
    const { ended } = await ask(drip, 300, startup);
    expect(ended.firstByteMs).not.toBeNull();
  });

  it('says that nobody listens, and rejects when it is aborted', async () => {
    const { signal } = new AbortController();
    const options = { patienceMs: 400, clock: systemClock, signal };
    expect((await exchange(connect(1, '127.0.0.1'), ping, options)).errno).toBe('ECONNREFUSED');
    const aborted = AbortSignal.abort(new Error('over'));
    const socket = connect(1, '127.0.0.1');
    await expect(exchange(socket, ping, { ...options, signal: aborted })).rejects.toThrow('over');
  });
});
