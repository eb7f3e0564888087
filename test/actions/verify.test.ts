import { afterEach, describe, expect, it } from 'vitest';
import { connectivityMatrix, successRate, timedRequests } from '../../source/actions/verify/validation.js';
import { createVerify, verifyRecovery, verifyText } from '../../source/actions/verify.js';
import { labRecovery } from '../../source/labs/recovery.js';
import type { MatrixSample } from '../../source/probes/samples.js';
import { targetOf, WATCH_NOTHING_MORE } from '../../source/probes/watch-settings.js';
import { recoveryOf } from '../../source/runtime/validation.js';
import type { VerifyCheck } from '../../source/store/state.js';
import { HandClock } from '../helpers/hand-clock.js';
import { until } from '../helpers/until.js';
import { type Running, refusedUrl, serve, todoApp } from './servers.js';

let app: Running | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const recovering = (url: string) => ({ checks: labRecovery(url).checks });
const todos = (url: string) => labRecovery(url).customer;
const states = (checks: readonly VerifyCheck[]) => checks.map((check) => check.state);

describe('recovery verification', () => {
  it('passes on an application that works, one check after the other', async () => {
    app = await serve(todoApp());
    const looks: string[] = [];
    const checks = await verifyRecovery({
      ...recovering(app.url),
      onUpdate: (now) => looks.push(states(now).join(' ')),
    });
    expect(states(checks)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(checks.map((check) => check.name)).toEqual([
      'GET /',
      'GET /test-db',
      'GET /todos',
      'POST /todos, read back',
    ]);
    expect(checks.map((check) => check.detail)).toEqual([
      '200',
      '200, Database connection successful',
      '200, 1 todos',
      '201, and it was read back',
    ]);
    expect(checks.every((check) => check.ms !== null && check.ms >= 0)).toBe(true);
    expect(looks[0]).toBe('running waiting waiting waiting');
    expect(looks.at(-2)).toBe('passed passed passed running');
  });

  it.each([
    ['GET /', ['failed', 'passed', 'passed', 'passed']],
    ['GET /test-db', ['passed', 'failed', 'passed', 'passed']],
    ['GET /todos', ['passed', 'passed', 'failed', 'failed']],
    ['POST /todos', ['passed', 'passed', 'passed', 'failed']],
    ['keep', ['passed', 'passed', 'passed', 'failed']],
  ])('runs the other checks too when %s is broken', async (broken, expected) => {
    app = await serve(todoApp(new Set([broken])));
    expect(states(await verifyRecovery({ ...recovering(app.url) }))).toEqual(expected);
  });

  it('does not take any 200 for a working database', async () => {
    app = await serve((_, response) => response.end('{"status":"Database connection failed"}'));
    const checks = await verifyRecovery({ ...recovering(app.url) });
    expect(states(checks)).toEqual(['passed', 'failed', 'failed', 'failed']);
  });

  it('is bounded when nobody answers, and says so', async () => {
    app = await serve(() => undefined);
    const began = performance.now();
    const checks = await verifyRecovery({ ...recovering(app.url), timeoutMs: 150 });
    expect(states(checks)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(checks[0]?.detail).toMatch(/^000: no answer within 0\.\d s$/);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('explains a refused connection', async () => {
    const checks = await verifyRecovery({ ...recovering(await refusedUrl()) });
    expect(checks.map((check) => check.detail)).toEqual([
      '000: connection refused',
      '000: connection refused',
      '000: connection refused',
      'POST: 000: connection refused',
    ]);
    expect(verifyText(checks)).toBe('0 of 4 checks passed');
  });

  it('of targets asks each once, wherever it is, and writes nothing', async () => {
    const asked: string[] = [];
    app = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(request.url === '/down' ? 503 : 200).end();
    });
    const targets = ['/up', '/down'].map((path) => targetOf(`${app?.url}${path}`));
    const { checks } = recoveryOf({ ...WATCH_NOTHING_MORE, targets });
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const verify = createVerify({ checks, allowRemote: true });
    expect(verify.touches).toBe(`reads ${app.url}`);
    expect(await verify.run(context)).toMatchObject({ ok: false, text: '1 of 2 checks passed' });
    expect(asked).toEqual(['GET /up', 'GET /down']);
  });

  it('is an action that is ok only when all passed', async () => {
    app = await serve(todoApp(new Set(['GET /test-db'])));
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const result = await createVerify({ ...recovering(app.url) }).run(context);
    expect(result).toMatchObject({ ok: false, text: '3 of 4 checks passed' });
    expect(result.rows?.map((row) => row.ok)).toEqual([true, false, true, true]);
  });

  it('is replayed while it has patience: what was queued before the fix still drains', async () => {
    const healthy = todoApp();
    let queued = 2 * labRecovery('http://127.0.0.1').checks.length;
    app = await serve((request, response) => {
      if (--queued < 0) healthy(request, response);
      else response.writeHead(503).end();
    });
    const clock = new HandClock();
    const context = { signal: new AbortController().signal, progress: () => undefined };
    expect(await createVerify({ ...recovering(app.url) }).run(context)).toMatchObject({ ok: false });
    const replayed = createVerify({ ...recovering(app.url), patienceMs: 10_000, clock }).run(context);
    await until('it waits before it tries again', () => clock.waiting > 0);
    await clock.pass(1_000);
    expect(await replayed).toMatchObject({ ok: true });
  });
});

describe('validation after the checks', () => {
  const matrix = (...outcomes: readonly string[]): MatrixSample =>
    ({
      sources: [],
      targets: [],
      missing: [],
      cells: outcomes.map((outcome, i) => ({ source: 'front', target: `shop-${i}`, outcome })),
    }) as unknown as MatrixSample;
  const validate = async (sample: MatrixSample | undefined, before?: number) => {
    app = await serve(todoApp());
    const checks = await verifyRecovery({
      ...recovering(app.url),
      validation: [
        connectivityMatrix(async () => sample),
        successRate(todos(app.url)),
        timedRequests(todos(app.url), () => before),
      ],
    });
    return checks.slice(4);
  };

  it('says each figure: the pairs, the rate, the ten times and their median', async () => {
    const checks = await validate(matrix('connected', 'connected', 'unmeasured'), 40);
    expect(states(checks)).toEqual(['passed', 'passed', 'passed']);
    expect(checks.map((check) => check.name)).toEqual([
      'connectivity matrix',
      'success rate of 20',
      '10 timed requests',
    ]);
    expect(checks[0]?.detail).toBe('2 of 2 pairs connect; 1 could not be measured');
    expect(checks[1]?.detail).toBe('20 of 20 GET /todos succeeded (100 %)');
    expect(checks[2]?.detail).toMatch(/^(\d+ ){10}ms; median \d+ ms, before 40 ms$/);
  });

  it('fails for a pair that does not connect, and for a matrix that was not measured', async () => {
    const [cut] = await validate(matrix('connected', 'timeout'));
    expect(cut).toMatchObject({ state: 'failed', detail: '1 of 2 pairs connect; front → shop-1 timeout' });
    for (const sample of [undefined, matrix(), matrix('unmeasured')]) {
      await app?.close();
      const checks = await validate(sample);
      // What comes after a failed one is not asked.
      expect(states(checks)).toEqual(['failed', 'waiting', 'waiting']);
    }
  });

  it('fails for requests that fail now and then, and for slow ones', async () => {
    let asked = 0;
    const good = todoApp();
    app = await serve((request, response) => {
      asked += 1;
      // The checks before it send five requests.
      if (asked > 5 && asked % 4 === 0) response.writeHead(502).end();
      else good(request, response);
    });
    const rated = await verifyRecovery({ ...recovering(app.url), validation: [successRate(todos(app.url))] });
    expect(rated.at(-1)).toMatchObject({ state: 'failed' });
    expect(rated.at(-1)?.detail).toMatch(/^\d of 1\d GET \/todos succeeded .* were not sent$/);
    await app.close();
    app = await serve((request, response) => void setTimeout(() => good(request, response), 120));
    const timed = await verifyRecovery({
      ...recovering(app.url),
      validation: [timedRequests(todos(app.url), () => 20)],
    });
    expect(timed.at(-1)?.detail).toMatch(/median 1\d\d ms, before 20 ms: slower$/);
    expect(timed.at(-1)?.state).toBe('failed');
  });

  it('is not begun while a check before it fails', async () => {
    app = await serve(todoApp(new Set(['GET /'])));
    const checks = await verifyRecovery({
      ...recovering(app.url),
      validation: [successRate(todos(app.url))],
    });
    expect(states(checks)).toEqual(['failed', 'passed', 'passed', 'passed', 'waiting']);
  });
});
