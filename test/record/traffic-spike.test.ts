import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { burst } from '../../source/actions/burst.js';
import { answering, onTop, openStage, type Stage } from '../helpers/stage.js';
import { PATIENCE_MS } from '../helpers/until.js';

/**
 * The run of record: the failure of the Container Networking Exhaustion document on the embedded lab, with its
 * hysteresis. The same load that passes at 60 stays down at 120 long after it has gone.
 */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.until(
    'a healthy start',
    (state) => answering(state) && state.latest.postgres !== undefined,
    20_000,
  );
});
afterAll(() => stage?.close());

describe('traffic spike on the embedded lab', () => {
  it('heals by itself after 60 requests at once', async () => {
    const result = await stage.runtime.act('spike', '60');
    expect(result.ok).toBe(true);
    const { latest } = await stage.until('every target answers again', answering, PATIENCE_MS);
    const healed = Math.max(...Object.values(latest.http).map(({ at }) => at));
    await stage.until(
      'and still does, each when it is asked the next time',
      (state) => answering(state) && Object.values(state.latest.http).every(({ at }) => at > healed),
      PATIENCE_MS,
    );
  });

  it('stays down for 60 s after 120, named within 15 s, with the database innocent', async () => {
    const began = Date.now();
    const spike = stage.runtime.act('spike');
    const named = await stage.until(
      'the right finding on top',
      (state) => onTop(state) === 'resolver-saturation',
      20_000,
    );
    const finding = named.findings.find(({ id }) => id === 'resolver-saturation');
    expect((finding?.namedAt ?? Number.POSITIVE_INFINITY) - began).toBeLessThan(15_000);
    expect(finding?.ruledOut.map(({ id }) => id)).toContain('database-down');
    await spike;
    // One connection of ours at a time: the targets of one listener are asked in turn, each for as long as five seconds.
    await stage.until(
      'each target was asked and does not answer',
      ({ latest }) => Object.values(latest.http).every(({ sample }) => !sample.ok),
      30_000,
    );
    await stage.holds(
      'no target answers, the database does with at most 6 connections, and the name stays on top',
      (state) => {
        const postgres = state.latest.postgres?.sample;
        return (
          Object.values(state.latest.http).every(({ sample }) => !sample.ok) &&
          postgres?.selectOneMs != null &&
          (postgres.connections ?? 0) <= 6 &&
          onTop(state) === 'resolver-saturation'
        );
      },
      60_000 - (Date.now() - began) + 2000,
    );
    const { outage } = stage.state();
    expect(outage).toMatchObject({ fixedAt: null, verifiedAt: null });
    expect(outage?.symptomAt).not.toBeNull();
  });

  it('is ended by a restart: verified, and 10 of 10 requests answered', async () => {
    await stage.runtime.act('restart', 'todo-app');
    const state = await stage.until(
      'the verification passed',
      ({ verification }) =>
        verification.length > 0 && verification.every((check) => check.state === 'passed'),
      45_000,
    );
    expect(state.verification).toHaveLength(6);
    const url = `${stage.lab.addresses.appUrl}/todos`;
    for (let i = 0; i < 10; i++) {
      const { okCount } = await burst({
        url,
        count: 1,
        timeoutMs: 5000,
        signal: new AbortController().signal,
      });
      expect(okCount).toBe(1);
    }
    const after = await stage.until('the outage is over', ({ outage }) => outage === null, 30_000);
    const { lastOutage } = after;
    expect(lastOutage?.verifiedAt).not.toBeNull();
    expect(lastOutage?.fixedAt).not.toBeNull();
    await stage.until('nothing is found any more', ({ findings }) => findings.length === 0, 60_000);
  });
});
