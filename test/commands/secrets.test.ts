import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createHttpProbe } from '../../source/probes/http/http-probe.js';
import { openRecorder } from '../../source/store/recording.js';
import { serve } from '../actions/servers.js';
import { faultlineWith } from './faultline.js';

const folder = mkdtempSync(join(tmpdir(), 'faultline-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Parts of each secret below; none may be seen, alone either. */
const CANARY = /s3cr3t|cr3t|hunter2/;

let nth = 0;
/** Everything that leaves a run of the program: both streams and the debug log. */
async function leaving(
  env: NodeJS.ProcessEnv,
  ...words: string[]
): Promise<{ code: number | null; all: string }> {
  const log = join(folder, `${nth++}.log`);
  const { code, out, err } = await faultlineWith(
    { FAULTLINE_DEBUG: log, FAULTLINE_STATE_DIR: folder, ...env },
    ...words,
  );
  return { code, all: [out, err, readFileSync(log, { encoding: 'utf8', flag: 'a+' })].join('\n') };
}

describe('a secret that was typed is not seen again', () => {
  it.each([
    'admin:s3cr3t@127.0.0.1:9001',
    'admin:s3cr3t@db',
    '//admin:s3cr3t@127.0.0.1:9001/',
    'ftp://admin:s3cr3t@127.0.0.1/',
    'http://admin:s3cr3t@127.0.0.1:99999/',
    'http://admin:p#s3cr3t@127.0.0.1:9001/',
    'http://admin:p/s3cr3t@127.0.0.1:9001/',
    'http://admin:p@s3cr3t@127.0.0.1:9001/',
    'http://admin:p@ss/s3cr3t@127.0.0.1:9001/',
    'http://tok:s3cr3t@/',
    'http://admin:s3cr3t@127.0.0.1:9001/',
    'http://s3cr3t@127.0.0.1:9001/',
    '127.0.0.1:9001/?token=s3cr3t',
    'ws://127.0.0.1:9001/?sig=s3cr3t&x=hunter2',
    'tcp://admin:s3cr3t@127.0.0.1:9001',
    'tcp://127.0.0.1/?api_key=s3cr3t',
    'tcp://127.0.0.1:9001/?token=s3cr3t',
    'unix://admin:s3cr3t@host/x',
    'https://admin:s3?cr3t@127.0.0.1/',
    'http://admin:s3cr3t@[::1/',
    'postgres://admin:s3/cr3t@127.0.0.1/?sslpassword=hunter2',
  ])('--target %s is refused', async (target) => {
    const { code, all } = await leaving({}, 'check', '--for', '1s', '--target', target);
    expect(code).toBe(2);
    expect(all).toContain('faultline: --target ');
    expect(all).not.toMatch(CANARY);
  });

  it.each([
    [['check', 'admin:s3cr3t@db']],
    [['http://admin:s3/cr3t@db/']],
    [['probe', 'http://h/?token=s3cr3t']],
    [['check', '--name', 'admin:s3cr3t@db']],
    [['check', '--edge', 'http://admin:s3cr3t@db/']],
    [['check', '--redis', 'redis://:s3cr3t@db:6379']],
    [['check', '--database', 'postgres://app:s3/cr3t@db:5432/shop']],
    [['check', '--database', 'postgres://app:s3cr3t@db:port/shop']],
  ])('%j is refused', async (words) => {
    const { code, all } = await leaving({}, ...words);
    expect(code).toBe(2);
    expect(all).not.toMatch(CANARY);
  });

  it('nor is one in the query of a target: text, JSON, probe, debug log', { timeout: 60_000 }, async () => {
    const server = await serve((_, response) => response.writeHead(500).end());
    const host = new URL(server.url).host;
    const url = `${server.url}/feed?token=s3cr3t&sig=hunter2`;
    const two = ['--target', url, '--target', `${server.url}/feed?token=cr3t&sig=hunter2`];
    try {
      const runs = await Promise.all([
        leaving({}, 'check', '--for', '8s', ...two),
        leaving({}, 'check', '--for', '8s', '--json', ...two),
        leaving({}, 'check', '--for', '1s', '--target', 'http://127.0.0.1:1/?access_token=s3cr3t'),
        leaving({}, 'probe', 'http', '--target', url),
        leaving({}, 'probe', 'http', '--target', url, '--json'),
      ]);
      for (const { all } of runs) expect(all).not.toMatch(CANARY);
      expect(runs[0]?.all).toContain(`GET ${host}/feed?token=…&sig=…`);
      // Two that look alike are still two.
      expect(runs[0]?.all).toContain(`GET ${host}/feed?token=…&sig=… (2)`);
      expect(runs[1]?.all).toMatch(/failed in \d+ of \d+ runs?: the server answered 500/);
      expect(runs[1]?.code).toBe(1);
    } finally {
      await server.close();
    }
  });

  it.each([
    ['http_proxy', 'http://me:s3cr3t@127.0.0.1:1'],
    ['HTTP_PROXY', 'me:s3/cr3t@127.0.0.1:1'],
    ['all_proxy', 'socks5://me:s3@cr3t@127.0.0.1:1'],
    ['ALL_PROXY', 'http://me:s3cr3t@127.0.0.1:99999'],
  ])('nor that of the proxy of %s', { timeout: 30_000 }, async (name, value) => {
    const target = ['--target', 'http://192.0.2.1/?api_key=hunter2'];
    for (const words of [
      ['check', '--for', '1s', '--json'],
      ['probe', 'http'],
    ]) {
      const { all } = await leaving({ [name]: value }, ...words, ...target);
      expect(all).toContain('192.0.2.1');
      expect(all, words.join(' ')).not.toMatch(CANARY);
    }
  });

  it('nor one that a server sends: where it redirects to, and what it says instead of HTTP', {
    timeout: 60_000,
  }, async () => {
    const redirects = await serve((_, response) =>
      response.writeHead(302, { location: 'http://u:s3cr3t@h/?token=hunter2#access_token=cr3t' }).end(),
    );
    const says = createServer((socket) => socket.end('+OK password=s3cr3t token: hunter2\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(says, 'listening');
    const { port } = says.address() as AddressInfo;
    const two = [`${redirects.url}/`, `http://127.0.0.1:${port}/`].map((url) => ['--target', url]);
    try {
      for (const words of [
        ['check', '--for', '2s'],
        ['check', '--for', '2s', '--json'],
        ['probe', 'http'],
      ])
        for (const target of two) {
          const { all } = await leaving({}, ...words, ...target);
          expect(all).toContain(target[1]);
          expect(all, words.join(' ')).not.toMatch(CANARY);
        }
    } finally {
      says.close();
      await redirects.close();
    }
  });

  it('nor the password of a database that is not there', { timeout: 30_000 }, async () => {
    const database = ['--database', 'postgres://app:s3cr3t@127.0.0.1:1/shop'];
    for (const words of [
      ['check', '--for', '2s'],
      ['probe', 'postgres', '--json'],
    ]) {
      const { all } = await leaving({ PGPASSWORD: 'hunter2' }, ...words, ...database);
      expect(all).not.toMatch(CANARY);
    }
  });

  it.each([
    'tcp://user:s3cr3t@127.0.0.1:1',
    'tcp://user:s3/cr3t@127.0.0.1:1',
    'tcp://user:s3@cr3t@127.0.0.1:1',
    'user:s3cr3t@127.0.0.1:1',
    'http://user:s3cr3t@127.0.0.1:99999',
    'ftp://user:s3cr3t@127.0.0.1:1',
    'ssh://user:s3cr3t@127.0.0.1',
  ])('nor that of DOCKER_HOST=%s', { timeout: 30_000 }, async (DOCKER_HOST) => {
    for (const words of [
      ['doctor'],
      ['lab'],
      ['check', '--for', '1s', '--json'],
      ['inject', 'pause', '--on', 'x'],
    ]) {
      const { all } = await leaving({ DOCKER_HOST }, ...words);
      expect(all, words.join(' ')).not.toMatch(CANARY);
    }
  });
});

it('is asked all the same, and a recording does not hold it', async () => {
  let asked = '';
  const server = await serve((request, response) => {
    asked = request.url ?? '';
    response.end('ok');
  });
  try {
    const probe = createHttpProbe({ target: 'GET /', url: `${server.url}/?token=s3cr3t` });
    const sample = await probe.run({ signal: new AbortController().signal, now: 0 });
    expect(asked).toBe('/?token=s3cr3t');
    const file = join(folder, 'run.ndjson');
    const recorder = openRecorder(file);
    recorder.take({ ok: true, id: probe.id, at: 1, tookMs: 1, sample });
    const reason = 'GET http://me:s3cr3t@h/?sig=hunter2: Authorization: Bearer s3cr3t';
    recorder.take({ ok: false, id: probe.id, at: 2, tookMs: 1, kind: 'failed', reason });
    recorder.close();
    const written = readFileSync(file, 'utf8');
    expect(written).toContain('/?token=…');
    expect(written).not.toMatch(CANARY);
  } finally {
    await server.close();
  }
});
