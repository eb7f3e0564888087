import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { burst } from '../../source/actions/burst.js';
import { isLoopback } from '../../source/actions/load/loopback.js';
import { outcomeRows, outcomesText } from '../../source/actions/load/outcomes.js';
import { steadyLoad } from '../../source/actions/load/steady.js';
import { createSpike } from '../../source/actions/spike.js';
import { HandClock } from '../helpers/hand-clock.js';
import { until } from '../helpers/until.js';
import { type Running, refusedUrl, serve, serveResets } from './servers.js';

const open: Running[] = [];
const up = async (server: Promise<Running>): Promise<Running> => {
  const running = await server;
  open.push(running);
  return running;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

describe('burst', () => {
  it('sends all at once, each on a connection of its own', async () => {
    const ports = new Set<number | undefined>();
    const waiting: ServerResponse[] = [];
    const { url } = await up(
      serve((request, response) => {
        ports.add(request.socket.remotePort);
        waiting.push(response);
        // Nobody is answered before all have come.
        if (waiting.length === 40) for (const one of waiting) one.end('ok');
      }),
    );
    const seen: number[] = [];
    const result = await burst({ url, count: 40, onProgress: (done) => seen.push(done) });
    expect(result).toMatchObject({ total: 40, okCount: 40, outcomes: { 200: 40 } });
    expect(ports.size).toBe(40);
    expect(seen.at(-1)).toBe(40);
  });

  it('names every way to fail', async () => {
    const failing = await up(serve((_, response) => response.writeHead(503).end()));
    const silent = await up(serve(() => undefined));
    const resetting = await up(serveResets());
    const noise = await up(serve((request) => request.socket.end('not http at all\r\n\r\n')));
    expect((await burst({ url: failing.url, count: 3 })).outcomes).toEqual({ 503: 3 });
    expect((await burst({ url: silent.url, count: 3, timeoutMs: 200 })).outcomes).toEqual({ timeout: 3 });
    expect((await burst({ url: resetting.url, count: 3 })).outcomes).toEqual({ reset: 3 });
    expect((await burst({ url: noise.url, count: 3 })).outcomes).toEqual({ protocol: 3 });
    expect((await burst({ url: await refusedUrl(), count: 3 })).outcomes).toEqual({ refused: 3 });
  });

  it('counts a body that never ends as a timeout, and one that breaks off as a reset', async () => {
    const endless = await up(serve((_, response) => response.writeHead(200).write('some')));
    const cut = await up(
      serve((_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('some', () => response.destroy());
      }),
    );
    expect((await burst({ url: endless.url, count: 2, timeoutMs: 200 })).outcomes).toEqual({ timeout: 2 });
    expect((await burst({ url: cut.url, count: 2 })).outcomes).toEqual({ reset: 2 });
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    let came = 0;
    const silent = await up(
      serve(() => {
        came += 1;
        if (came === 5) abort.abort();
      }),
    );
    const result = await burst({ url: silent.url, count: 5, signal: abort.signal });
    expect(result.outcomes).toEqual({ aborted: 5 });
    expect(result.tookMs).toBeLessThan(4000);
  });

  it.each([0, -1, 1001, 1.5, Number.NaN])('refuses %s requests', async (count) => {
    await expect(burst({ url: 'http://127.0.0.1:1/', count })).rejects.toThrow('1 to 1000 requests');
  });

  it.each(['http://example.org/', 'http://10.0.0.1/', 'ftp://127.0.0.1/', 'no url'])(
    'refuses to load %s',
    async (url) => {
      await expect(burst({ url, count: 1 })).rejects.toThrow(/not this machine|http or https|not a URL/);
    },
  );

  it('knows this machine by its addresses', () => {
    const local = ['http://127.0.0.1/', 'http://127.9.9.9/', 'http://[::1]:80/', 'http://localhost:3/'];
    expect(local.map((url) => isLoopback(new URL(url)))).toEqual([true, true, true, true]);
    const remote = ['http://128.0.0.1/', 'http://[2001:db8::1]/', 'http://localhost.example/'];
    expect(remote.map((url) => isLoopback(new URL(url)))).toEqual([false, false, false]);
  });
});

describe('spike', () => {
  it('reports what became of the requests', async () => {
    let n = 0;
    const half = await up(
      serve((_, response) => {
        n += 1;
        if (n % 2 === 0) response.end('ok');
      }),
    );
    const shares: (number | null | undefined)[] = [];
    const clock = new HandClock();
    const spike = createSpike({ url: half.url, count: 20, clock });
    const ended = spike.run({
      signal: new AbortController().signal,
      progress: (update) => shares.push(update.share),
    });
    await until('all have come, and half are answered', () => n === 20 && shares.at(-1) === 0.5);
    await clock.pass(5_000);
    const result = await ended;
    expect(result.text).toBe('10 answered, 10 timed out');
    expect(result.rows).toEqual([
      { label: 'HTTP 200', value: '10', ok: true },
      { label: 'timed out', value: '10', ok: false },
    ]);
    expect(shares.at(-1)).toBe(1);
    expect(spike.title).toBe('traffic spike: 20 requests at once');
  });

  it('words outcomes with good ones first', () => {
    const outcomes = { timeout: 2, 500: 1, 200: 3, reset: 4, 201: 1 };
    expect(outcomesText(outcomes)).toBe('4 answered, 1 answered 500, 4 reset, 2 timed out');
    expect(outcomeRows(outcomes).map((row) => row.label)).toEqual([
      'HTTP 200',
      'HTTP 201',
      'HTTP 500',
      'reset',
      'timed out',
    ]);
  });
});

describe('steady load', () => {
  it('keeps its pace and its bound, however slow the answers are, and ends when it is stopped', async () => {
    let sent = 0;
    const { url } = await up(
      serve(() => {
        sent += 1;
      }),
    );
    const clock = new HandClock();
    const pace = { perSecond: 100, mostUnderWay: 3, forMs: 60_000, timeoutMs: 60_000, clock };
    const load = steadyLoad({ url, ...pace });
    await clock.pass(100);
    await expect.poll(() => sent, { timeout: 5000 }).toBe(3);
    await clock.pass(1_000);
    expect(sent).toBe(3);
    load.stop();
    expect(clock.waiting).toBe(0);
    await clock.pass(1_000);
    expect(sent).toBe(3);
  });

  it('ends by itself', async () => {
    let sent = 0;
    const { url } = await up(
      serve((_, response) => {
        sent += 1;
        response.end('ok');
      }),
    );
    const clock = new HandClock();
    steadyLoad({ url, perSecond: 100, mostUnderWay: 1, forMs: 200, timeoutMs: 1000, clock });
    await clock.pass(10);
    await expect.poll(() => sent, { timeout: 5000 }).toBe(1);
    await clock.pass(190);
    expect(clock.waiting).toBe(0);
    // What is sent as it ends may still come to be counted; nothing after it.
    await clock.pass(1_000);
    const then = sent;
    await clock.pass(1_000);
    expect(sent).toBe(then);
  });

  it('goes to this machine only', () => {
    const elsewhere = { url: 'http://192.0.2.1/', perSecond: 1, mostUnderWay: 1, forMs: 1, timeoutMs: 1 };
    expect(() => steadyLoad(elsewhere)).toThrow('is not this machine');
  });
});
