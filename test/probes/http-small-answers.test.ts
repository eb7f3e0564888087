import { createServer, type ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { systemClock } from '../../source/clock.js';
import { endpointOf } from '../../source/probes/http/endpoint.js';
import { mayBeTooLarge, onlyInSmallSegments, type Within } from '../../source/probes/http/small-answers.js';
import { listen } from './http-servers.js';

const LONG = 'x'.repeat(5_000);
/** A bound that only a hanging test meets is the caller's own: here an attempt ends, or is given up after so long. */
const within: Within = async (attempt, ms) =>
  await Promise.race([
    attempt.over,
    new Promise<undefined>((done) => setTimeout(() => done(undefined), Math.min(ms, 300)).unref()),
  ]);

/** What it comes to at a server that answers each connection by its number, from 1. */
async function triedAt(answer: (count: number, response: ServerResponse) => void) {
  let count = 0;
  const port = await listen(createServer((_request, response) => answer(++count, response)));
  const url = `http://127.0.0.1:${port}/`;
  const task = {
    ...{ url, ca: undefined, endpoint: endpointOf(url), way: { proxy: null, note: null }, method: 'GET' },
    ...{ timeoutMs: 1_000, resolver: undefined, clock: systemClock, learnt: {} },
  };
  const found = await onlyInSmallSegments(task as never, '127.0.0.1', within, new AbortController().signal);
  return { found, count };
}

it('an answer that comes whole each time by small segments, and never by usual ones', async () => {
  const { found, count } = await triedAt((n, response) => {
    // What a narrow way does to every second one.
    if (n % 2 === 1) response.end(LONG);
    else response.writeHead(200, { 'content-length': LONG.length }).flushHeaders();
  });
  expect(found).toMatchObject({ times: 3, segment: 536 });
  expect(found?.bytes).toBeGreaterThan(5_000);
  expect(count).toBe(5);
});

it('is not that where both come, neither does, or the answer fits into any packet', async () => {
  expect(await triedAt((_n, response) => response.end(LONG))).toEqual({ found: undefined, count: 2 });
  expect(await triedAt(() => {})).toEqual({ found: undefined, count: 1 });
  expect(await triedAt((n, response) => void (n % 2 === 1 && response.end('short')))).toEqual({
    found: undefined,
    count: 1,
  });
});

it('is tried only of what connected and stopped, elsewhere than on this machine', () => {
  const task = (url: string) =>
    ({ endpoint: endpointOf(url), way: { proxy: null, note: null }, method: 'GET' }) as never;
  const stops = { kind: 'timeout', phase: 'transfer' } as const;
  const far = 'http://203.0.113.7/';
  expect(mayBeTooLarge(task(far), stops, '203.0.113.7')).toBe(true);
  expect(mayBeTooLarge(task(far), { kind: 'timeout', phase: 'connect' }, '203.0.113.7')).toBe(false);
  expect(mayBeTooLarge(task(far), { kind: 'reset', phase: 'transfer' }, '203.0.113.7')).toBe(false);
  expect(mayBeTooLarge(task(far), stops, '127.0.0.1')).toBe(false);
  expect(mayBeTooLarge(task('tcp://203.0.113.7:5432'), stops, '203.0.113.7')).toBe(false);
});
