import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPostgresProbe,
  type PostgresProbeOptions,
} from '../../source/probes/postgres/postgres-probe.js';
import type { PostgresSample } from '../../source/probes/samples.js';
import { PASSWORD, type RealPostgres, startPostgres } from './real-postgres.js';
import { runProbe } from './run-probe.js';

let postgres: RealPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
  const admin = new pg.Client({
    host: '127.0.0.1',
    port: postgres.port,
    user: 'postgres',
    password: PASSWORD,
    database: 'postgres',
  });
  await admin.connect();
  await admin.query(`CREATE ROLE app LOGIN PASSWORD '${PASSWORD}'`);
  await admin.end();
});
afterAll(() => postgres?.close());

const probe = (options: Partial<PostgresProbeOptions> = {}): Promise<PostgresSample> =>
  runProbe(
    createPostgresProbe({
      host: '127.0.0.1',
      port: postgres.port,
      database: 'postgres',
      user: 'app',
      password: PASSWORD,
      superuser: 'postgres',
      superuserPassword: PASSWORD,
      ...options,
    }),
  );

async function hold(count: number): Promise<() => Promise<void>> {
  const clients = Array.from(
    { length: count },
    () =>
      new pg.Client({
        host: '127.0.0.1',
        port: postgres.port,
        database: 'postgres',
        user: 'app',
        password: PASSWORD,
        application_name: 'leaky',
      }),
  );
  for (const client of clients) {
    client.on('error', () => undefined);
    await client.connect();
  }
  return async () => {
    for (const client of clients) await client.end();
  };
}

describe('a real PostgreSQL', () => {
  it('answers, and is not charged for the probe itself', async () => {
    const sample = await probe();
    expect(sample).toMatchObject({
      address: `127.0.0.1:${postgres.port}`,
      failure: null,
      connections: 0,
      maxConnections: 5,
      reserved: 2,
      holders: [],
    });
    expect(sample.selectOneMs).toBeGreaterThan(0);
    expect(sample.connectMs).toBeGreaterThan(0);
  });

  it('has connections that others hold, with or without a superuser to ask', async () => {
    const release = await hold(2);
    try {
      const holders = [{ application: 'leaky', state: 'idle', count: 2 }];
      expect(await probe()).toMatchObject({ failure: null, connections: 2, holders });
      const alone = createPostgresProbe({
        host: '127.0.0.1',
        port: postgres.port,
        database: 'postgres',
        user: 'app',
        password: PASSWORD,
      });
      expect(await runProbe(alone)).toMatchObject({ failure: null, connections: 2, maxConnections: 5 });
    } finally {
      await release();
    }
  });

  it('out of connections says so, and who has them', async () => {
    const release = await hold(3);
    try {
      expect(await probe()).toMatchObject({
        failure: { kind: 'too-many-connections' },
        selectOneMs: null,
        connections: 3,
        maxConnections: 5,
        holders: [{ application: 'leaky', state: 'idle', count: 3 }],
      });
    } finally {
      await release();
    }
  });

  it('turns a wrong password away', async () => {
    expect(await probe({ password: 'wrong' })).toMatchObject({
      failure: { kind: 'authentication' },
      connectMs: null,
      maxConnections: 5,
    });
  });

  it('that is stopped times out, within the time given', async () => {
    const began = performance.now();
    postgres.server.kill('SIGSTOP');
    const sample = await probe({ timeoutMs: 400 });
    postgres.server.kill('SIGCONT');
    expect(sample.failure).toEqual({ kind: 'timeout', text: 'no session was granted within 0.4 s' });
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect.poll(async () => (await probe()).failure, { timeout: 10_000 }).toBeNull();
  });

  it('that ended refuses', async () => {
    await postgres.close();
    expect(await probe()).toMatchObject({
      failure: { kind: 'refused' },
      connections: null,
      maxConnections: null,
    });
  });
});

describe('something else on that port', () => {
  it.each([
    ['hangs', (): void => undefined, 'timeout'],
    ['resets', (socket: Socket): unknown => socket.once('data', () => socket.resetAndDestroy()), 'reset'],
    ['closes', (socket: Socket): unknown => socket.once('data', () => socket.end()), 'reset'],
  ])('%s', async (_, behave, kind) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      behave(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sample = await probe({ port: (server.address() as AddressInfo).port, timeoutMs: 300 });
    expect(sample.failure?.kind).toBe(kind);
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('stops at once when it is aborted', async () => {
    const abort = new AbortController();
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => abort.abort(new Error('quit')));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const hanging = createPostgresProbe({
      host: '127.0.0.1',
      port,
      database: 'x',
      user: 'x',
      password: 'x',
      timeoutMs: 60_000,
    });
    await expect(runProbe(hanging, abort.signal)).rejects.toThrow('quit');
    server.close();
    await once(server, 'close');
  });
});
