import { afterEach, describe, expect, it } from 'vitest';
import { createBreakingPoint, findBreakingPoint } from '../../source/actions/breaking-point.js';
import { type Running, serve } from './servers.js';

let app: Running | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** Answers until it has seen `limit` requests at once; from then on it answers nobody until `mend` is called. */
async function fragile(limit: number): Promise<{ url: string; mend: () => void; asked: Promise<void> }> {
  let wasAsked: () => void = () => undefined;
  const asked = new Promise<void>((done) => {
    wasAsked = done;
  });
  let atOnce = 0;
  let broken = false;
  app = await serve((_, response) => {
    wasAsked();
    atOnce += 1;
    if (atOnce > limit) broken = true;
    response.on('close', () => {
      atOnce -= 1;
    });
    setTimeout(() => {
      if (!broken) response.end('ok');
    }, 60);
  });
  return {
    url: app.url,
    mend: () => {
      broken = false;
    },
    asked,
  };
}

const quick = { restMs: 200, graceMs: 400, recoveryMs: 2000, checkEveryMs: 40, timeoutMs: 500, requests: 60 };
const context = () => ({ signal: new AbortController().signal, progress: () => undefined });

describe('breaking point', () => {
  it('finds the step that does not heal, restarts, and goes on with sustained load', async () => {
    const { url, mend } = await fragile(25);
    let restarts = 0;
    const result = await findBreakingPoint(
      {
        ...quick,
        url,
        bursts: [2, 10, 40, 50],
        sustained: [2, 5],
        restart: async () => {
          restarts += 1;
          mend();
        },
      },
      context(),
    );
    expect(result.stoppedHealingAt).toBe(40);
    expect(restarts).toBe(1);
    expect(result.steps.map((step) => `${step.kind} ${step.atOnce} ${step.healed}`)).toEqual([
      'burst 2 true',
      'burst 10 true',
      'burst 40 false',
      'sustained 2 true',
      'sustained 5 true',
    ]);
    expect(result.steps.at(-1)).toMatchObject({ requests: 60, okCount: 60, outcomes: { 200: 60 } });
    expect(result.steps.at(-1)?.p50Ms).toBeGreaterThan(0);
    expect(result.steps[2]?.okCount).toBe(0);
  });

  it('reports by step as an action, and restarts nothing that heals', async () => {
    const { url } = await fragile(1000);
    const texts: string[] = [];
    const action = createBreakingPoint({
      ...quick,
      url,
      bursts: [3, 6],
      sustained: [],
      restart: () => Promise.reject(new Error('nothing was broken')),
    });
    const result = await action.run({
      signal: new AbortController().signal,
      progress: ({ text }) => texts.push(text ?? ''),
    });
    expect(result.text).toBe('it healed after every step, up to 6 requests at once');
    expect(result.rows?.map((row) => row.label)).toEqual(['3 at once', '6 at once']);
    expect(texts[0]).toBe('3 requests at once');
    expect(action.deadlineMs).toBeGreaterThan(0);
  });

  it('ends sustained load in time when the target hangs', async () => {
    const { url, mend } = await fragile(3);
    const result = await findBreakingPoint(
      {
        ...quick,
        url,
        requests: 1000,
        sustainedMs: 700,
        bursts: [1],
        sustained: [8, 20],
        restart: async () => mend(),
      },
      context(),
    );
    expect(result.stoppedHealingAt).toBe(8);
    expect(result.steps).toHaveLength(2);
    expect(result.steps[1]).toMatchObject({ kind: 'sustained', healed: false });
    expect(result.steps[1]?.tookMs).toBeLessThan(5000);
  });

  it('stops at once when it is told to', async () => {
    const { url, asked } = await fragile(0);
    const abort = new AbortController();
    void asked.then(() => abort.abort(new Error('enough')));
    const options = { ...quick, restMs: 10_000, url, restart: async () => undefined };
    const began = performance.now();
    await expect(
      findBreakingPoint(options, { signal: abort.signal, progress: () => undefined }),
    ).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('says when a restart did not bring the target back', async () => {
    const { url } = await fragile(3);
    const options = { ...quick, recoveryMs: 200, url, bursts: [10], sustained: [2] };
    await expect(
      findBreakingPoint({ ...options, restart: async () => undefined }, context()),
    ).rejects.toThrow('did not answer within 0.2 s of the restart');
  });
});
