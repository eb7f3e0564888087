import { afterEach, describe, expect, it } from 'vitest';
import { createVerify, verifyRecovery, verifyText } from '../../source/actions/verify.js';
import type { VerifyCheck } from '../../source/store/state.js';
import { type Running, refusedUrl, serve, todoApp } from './servers.js';

let app: Running | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const states = (checks: readonly VerifyCheck[]) => checks.map((check) => check.state);

describe('recovery verification', () => {
  it('passes on an application that works, one check after the other', async () => {
    app = await serve(todoApp());
    const looks: string[] = [];
    const checks = await verifyRecovery({
      baseUrl: app.url,
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
    expect(states(await verifyRecovery({ baseUrl: app.url }))).toEqual(expected);
  });

  it('does not take any 200 for a working database', async () => {
    app = await serve((_, response) => response.end('{"status":"Database connection failed"}'));
    const checks = await verifyRecovery({ baseUrl: app.url });
    expect(states(checks)).toEqual(['passed', 'failed', 'failed', 'failed']);
  });

  it('is bounded when nobody answers, and says so', async () => {
    app = await serve(() => undefined);
    const began = performance.now();
    const checks = await verifyRecovery({ baseUrl: app.url, timeoutMs: 150 });
    expect(states(checks)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(checks[0]?.detail).toMatch(/^000: no answer within 0\.\d s$/);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('explains a refused connection', async () => {
    const checks = await verifyRecovery({ baseUrl: await refusedUrl() });
    expect(checks.map((check) => check.detail)).toEqual([
      '000: connection refused',
      '000: connection refused',
      '000: connection refused',
      'POST: 000: connection refused',
    ]);
    expect(verifyText(checks)).toBe('0 of 4 checks passed');
  });

  it('is an action that is ok only when all passed', async () => {
    app = await serve(todoApp(new Set(['GET /test-db'])));
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const result = await createVerify({ baseUrl: app.url }).run(context);
    expect(result).toMatchObject({ ok: false, text: '3 of 4 checks passed' });
    expect(result.rows?.map((row) => row.ok)).toEqual([true, false, true, true]);
  });

  it('is replayed while it has patience: what was queued before the fix still drains', async () => {
    const healthy = todoApp();
    const drainedAt = performance.now() + 600;
    app = await serve((request, response) => {
      if (performance.now() > drainedAt) healthy(request, response);
      else response.writeHead(503).end();
    });
    const context = { signal: new AbortController().signal, progress: () => undefined };
    expect(await createVerify({ baseUrl: app.url }).run(context)).toMatchObject({ ok: false });
    expect(await createVerify({ baseUrl: app.url, patienceMs: 10_000 }).run(context)).toMatchObject({
      ok: true,
    });
  });
});
