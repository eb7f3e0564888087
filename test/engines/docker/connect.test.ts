import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import {
  realSurroundings,
  resolveEndpoint,
} from '../../../source/engines/docker/endpoint/resolve-endpoint.js';
import { connect } from '../../../source/engines/docker/link/connect.js';

let folder = '';
const servers: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-docker-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A port where somebody answers each connection with these bytes; null for silence. */
async function answering(bytes: string | null): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      if (bytes !== null) socket.end(bytes);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return (server.address() as { port: number }).port;
}

async function verdict(host: string, env: Record<string, string> = {}) {
  const around = { ...realSurroundings, env };
  const engine = new DockerEngine({ resolve: () => resolveEndpoint(around, host) });
  try {
    const availability = await engine.settled();
    expect(engine.list()).toEqual([]);
    expect(() => engine.logs('db')).toThrow(/no container/);
    return availability;
  } finally {
    await engine.close();
  }
}

const because = (kind: string) => ({ state: 'unavailable', trouble: { kind } });

it.each([
  ['a folder that is gone', { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_CERT_PATH: '/nonexistent' }],
  ['a host that is no address', { DOCKER_HOST: 'tcp://[' }],
  ['another daemon with TLS', { DOCKER_HOST: 'tcp://10.255.0.1:2376', DOCKER_TLS_VERIFY: '1' }],
  ['a prefix of a proxy', { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_PATH_PREFIX: '/elsewhere' }],
  ['a time that is none', { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_CLIENT_TIMEOUT: 'soon' }],
  ['ssh', { DOCKER_HOST: 'ssh://nobody@127.0.0.1' }],
])(
  'asks where it was told to, whatever the environment has left over: %s',
  async (_, env: Record<string, string>) => {
    const port = await answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK');
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    try {
      const to = {
        kind: 'tcp',
        host: '127.0.0.1',
        port,
        tls: null,
        address: 'tcp://x',
        from: 'test',
      } as const;
      const { docker, destroy } = connect(to);
      expect(`${await docker.ping()}`).toBe('OK');
      destroy();
      for (const [name, value] of Object.entries(env)) expect(process.env[name]).toBe(value);
    } finally {
      vi.unstubAllEnvs();
    }
  },
);

it('asks with options that cost nothing to put in words, as the library does for each request', () => {
  const { docker, destroy } = connect({ kind: 'unix', path: '/x', address: 'unix:///x', from: 'test' });
  const { agent } = docker.modem as unknown as { agent: object };
  expect(inspect(agent, { showHidden: true, depth: null })).toBe('agent');
  destroy();
});

describe('a daemon that cannot be reached', () => {
  it('is missing, refuses, or has no name', async () => {
    expect(await verdict(`unix://${folder}/none.sock`)).toMatchObject(because('missing'));
    const port = await answering('');
    servers.splice(0).forEach((server) => void server.close());
    expect(await verdict(`tcp://127.0.0.1:${port}`)).toMatchObject(because('refused'));
    expect(await verdict('tcp://nobody.invalid')).toMatchObject(because('name'));
  });

  it('is silent', async () => {
    expect(await verdict(`tcp://127.0.0.1:${await answering(null)}`)).toMatchObject(because('hung'));
  });

  it('is no Docker', async () => {
    const page = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
    expect(await verdict(`tcp://127.0.0.1:${await answering(page)}`)).toMatchObject(because('not-docker'));
    expect(await verdict(`tcp://127.0.0.1:${await answering('SSH-2.0-x\r\n')}`)).toMatchObject(
      because('not-docker'),
    );
  });

  it('speaks no TLS where it should', async () => {
    const port = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await verdict(`tcp://127.0.0.1:${port}`, { DOCKER_TLS_VERIFY: '1' })).toMatchObject(
      because('tls'),
    );
  });

  it('is behind an ssh that fails: its own words are the reason', async () => {
    const ssh = join(folder, 'ssh');
    writeFileSync(ssh, '#!/bin/sh\necho "Host key verification failed." >&2\nexit 255\n');
    chmodSync(ssh, 0o755);
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      expect(await verdict('ssh://ann@build.example')).toMatchObject({
        state: 'unavailable',
        trouble: {
          kind: 'ssh',
          what: 'Host key verification failed.',
          mend: 'ssh ann@build.example docker version',
        },
      });
    } finally {
      process.env.PATH = path;
    }
  });
});
