import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { valueLines } from '../../source/commands/probe/value.js';
import { sources } from '../../source/probes/registry.js';
import { until } from '../helpers/until.js';
import { docker, startContainer, whyNoContainers } from '../probes/inside/containers.js';

const cli = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);
const NO_DOCKER = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function probe(words: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [cli, 'probe', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}

describe('one sample', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('of the kernel, for a person and as JSON, says that counters are totals', async () => {
    const [text, json] = await Promise.all([probe(['kernel']), probe(['kernel', '--json'])]);
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toMatch(/^Kernel counters \(kernel\) at \d\d:\d\d:\d\d, read in [\d.]+ ms\n\n/);
    expect(text.out).toMatch(/\ncounters\n {2}Tcp\.ActiveOpens {2,}\d+\n/);
    expect(text.out).toMatch(/\nOne sample does not tell rates: its counters are totals/);
    const report = JSON.parse(json.out);
    expect(Object.keys(report)).toEqual(['schema', 'id', 'at', 'tookMs', 'ok', 'sample', 'lacks']);
    expect(report).toMatchObject({ schema: 'faultline.probe/1', id: 'kernel', ok: true });
    expect(report.sample.counters['Tcp.OutSegs']).toBeGreaterThanOrEqual(0);
  });

  it('of a target, whatever it says: it was read', async () => {
    server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await new Promise((listening) => server?.once('listening', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const [well, refused] = await Promise.all([
      probe(['http', '--target', url, '--json']),
      probe(['http', '--target', 'http://127.0.0.1:1/']),
    ]);
    expect(JSON.parse(well.out).sample).toMatchObject({ ok: true, status: 200, url });
    expect(refused.out).toMatch(/failure\n {2}kind {3}refused\n {2}phase {2}connect\n/);
    expect([well.code, refused.code]).toEqual([0, 0]);
  });

  it('of a name, by the server that was named', async () => {
    const { out, code } = await probe(['dns', '--name', 'db.internal@127.0.0.1:1', '--json']);
    expect(JSON.parse(out).sample.names).toMatchObject([{ resolver: '127.0.0.1:1', resolved: false }]);
    expect(code).toBe(0);
  });

  it('of what cannot be read is 3, with the reason and what mends it', async () => {
    for (const id of ['services', 'events', 'inside', 'matrix']) {
      const { out, err, code } = await probe([id, ...(id === 'inside' ? ['--on', 'web'] : [])], NO_DOCKER);
      expect(err).toMatch(
        new RegExp(`^faultline: ${id} cannot be read here: .*there is no such socket.*\n {2}\\$ .+\n$`),
      );
      expect([out, code]).toEqual(['', 3]);
    }
    const { out, code } = await probe(['services', '--json'], NO_DOCKER);
    expect(Object.keys(JSON.parse(out))).toEqual(['schema', 'id', 'at', 'tookMs', 'ok', 'reason', 'mend']);
    expect(code).toBe(3);
  });

  it.each([
    [['kernl'], 'unknown source kernl: did you mean kernel?'],
    [['nothing-like-it'], 'unknown source nothing-like-it: it is one of http, dns'],
    [['http'], 'probe http asks for --target http://127.0.0.1:8080/'],
    [['lookups'], 'probe lookups asks for --name web/api.internal'],
    [['lookups', '--name', 'api.internal'], 'from inside a container: --name CONTAINER/NAME'],
    [['dns', '--name', 'web/api.internal'], 'is asked from inside web: faultline probe lookups'],
    [['kernel', '--target', 'http://127.0.0.1/'], '--target is not for probe kernel'],
    [['http', '--target', 'http://a/', '--target', 'http://b/'], 'one sample is of one --target'],
    [['http', '--target', 'localhost:1'], 'did you mean http://localhost:1?'],
    [['constructor'], 'unknown source constructor'],
  ])('%j is 2, in one line', async (words, line) => {
    const { code, out, err } = await probe(words);
    expect(err).toContain(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect([out, code]).toEqual(['', 2]);
  });
});

describe('the list of sources', () => {
  it('has each with its title, what it reads and whether that is to be had', async () => {
    const [text, json] = await Promise.all([probe([], NO_DOCKER), probe(['--json'], NO_DOCKER)]);
    expect([text.code, json.code]).toEqual([0, 0]);
    for (const [id, { title, reads }] of Object.entries(sources)) {
      const line = text.out.split('\n').find((one) => one.startsWith(`${id} `));
      expect(line).toContain(title);
      expect(line).toContain(reads);
    }
    expect(text.out).toMatch(/\n {2}services: .*no such socket.*\n {4}\$ /);
    const rows = JSON.parse(json.out).sources as { id: string; readable: string; asks: string[] }[];
    expect(rows.map(({ id }) => id)).toEqual(Object.keys(sources));
    const row = (id: string) => rows.find((one) => one.id === id);
    expect(row('kernel')).toMatchObject({ readable: 'yes', asks: [] });
    expect(row('http')).toMatchObject({ readable: 'asks', asks: ['target'] });
    expect(row('inside')).toMatchObject({ readable: 'no' });
  });
});

describe.skipIf(whyNoContainers())('one sample of a container', () => {
  const prefix = `faultline-probe-${process.pid}`;
  const [db, app] = [`${prefix}-db`, `${prefix}-app`];
  const listen = 'use IO::Socket::INET; $s = IO::Socket::INET->new(Listen => 4, LocalPort => 5432); sleep';

  /** Whether somebody listens at the port of the database. */
  const answers = (address: string): Promise<boolean> =>
    new Promise((done) => {
      const socket = connect(5432, address);
      socket.once('connect', () => done(true)).once('error', () => done(false));
      socket.once('connect', () => socket.destroy());
    });

  beforeAll(async () => {
    docker('network', 'create', prefix);
    const { address } = startContainer(db, listen, prefix);
    startContainer(app, 'sleep', prefix);
    await until('it listens', () => answers(address));
  });
  afterAll(() => {
    for (const undo of [
      ['rm', '-f', db, app],
      ['network', 'rm', prefix],
    ]) {
      try {
        docker(...undo);
      } catch {
        // It is gone already.
      }
    }
  });

  /** What a look gave; one that a busy machine left no time for is made again. */
  const sampleOf = async (...words: string[]) => {
    let answer = JSON.parse('{}');
    await until(words.join(' '), async () => {
      answer = JSON.parse((await probe([...words, '--json'])).out);
      return answer.ok === true || !/^no answer within/.test(String(answer.reason));
    });
    expect(answer.sample, JSON.stringify(answer)).toBeDefined();
    return answer.sample;
  };

  // One after the other: each is given the seconds that a look may take, and three of them would take those from each other.
  it('shows its network, its lookups and whom it reaches', async () => {
    const inside = await sampleOf('inside', '--on', db);
    const lookups = await sampleOf('lookups', '--name', `${app}/${db}`);
    const matrix = await sampleOf('matrix', '--edge', `${app},${db}:5432`);
    expect(inside).toMatchObject({ name: db, sockets: { total: { LISTEN: expect.any(Number) } } });
    expect(lookups.names).toMatchObject([{ name: db, resolved: true }]);
    const cell = matrix.cells.find((one: { source: string }) => one.source === app);
    expect(cell).toMatchObject({ target: `${db}:5432`, outcome: 'connected' });
  });

  it('of one that is not there is 3, with those that are', async () => {
    const { err, code } = await probe(['inside', '--on', `${prefix}-nobody`]);
    expect(err).toContain(`no container is called ${prefix}-nobody: there are `);
    expect(err).toContain(db);
    expect(code).toBe(3);
  });
});

describe('a sample as text', () => {
  it('lines figures up, makes tables of lists, and never takes unknown for zero', () => {
    const lines = valueLines({
      means: '/proc',
      count: 3,
      ms: 0.123456,
      nothing: null,
      missing: [],
      holders: [
        { application: 'shop', count: 2 },
        { application: 'a\u001b[31mb', count: 10 },
      ],
      failure: { kind: 'refused', text: 'nobody' },
    });
    expect(lines).toEqual([
      'means    /proc',
      'count    3',
      'ms       0.123',
      'nothing  -',
      'missing  none',
      'holders',
      '  application  count',
      '  shop         2',
      '  ab           10',
      'failure',
      '  kind  refused',
      '  text  nobody',
    ]);
  });

  it('is short: of a long list it tells how many are left out', () => {
    const lines = valueLines({ rows: Array.from({ length: 50 }, (_, i) => ({ i })) });
    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toBe('  … and 30 more; --json has all');
  });
});
