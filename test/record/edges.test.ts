import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../source/store/finding.js';
import type { FaultlineState } from '../../source/store/state.js';
import { answering, openStage, type Stage } from '../helpers/stage.js';

/** Failures at the edges of the rules, each caused for real: frozen instead of gone, killed, two at once. */

const firing = (state: FaultlineState): Finding[] =>
  state.findings.filter((one) => one.state === 'firing' && one.severity !== 'notice');
const causes = (state: FaultlineState): string[] =>
  firing(state).flatMap((one) => (one.explainedBy === null ? [one.id] : []));
const well = (state: FaultlineState): boolean =>
  answering(state) &&
  state.latest.postgres?.sample.failure === null &&
  state.latest.dns?.sample.names.every((name) => name.resolved) === true &&
  // A share of failures that grows no more is a notice for as long as it may be chance.
  state.findings.every(({ severity }) => severity === 'notice');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

afterEach(async () => {
  const { engine } = stage.lab;
  for (const { name, state } of engine.list()) {
    if (state === 'paused') await engine.unpause(name);
    else if (state === 'exited') await engine.start(name);
  }
  // Requests that waited meanwhile would keep the resolver saturated: a failure of its own.
  await engine.restart('todo-app');
});

/** The only cause that is named, once it is, and for 3 s more. */
async function onlyCause(id: string): Promise<Finding> {
  const named = await stage.until(`${id} is named`, (state) => causes(state).length > 0, 20_000);
  expect(causes(named)).toEqual([id]);
  await stage.holds(`${id} stays the only cause`, (state) => causes(state).join() === id, 3000);
  return firing(stage.state()).find((one) => one.id === id) as Finding;
}

describe('one failure in another shape', () => {
  it('a frozen database is the database, not a hung application', async () => {
    await stage.until('health', well, 30_000);
    await stage.lab.engine.pause('postgres');
    const finding = await onlyCause('database-down');
    expect(finding.title).toMatch(/frozen/);
    expect(finding.fix[0]).toMatchObject({ action: { name: 'restart', argument: 'postgres' } });
    expect(finding.fix[0]?.command).toMatch(/^kill -CONT \d+( \d+)*$/);
  });

  it('a killed database is down', async () => {
    await stage.until('health', well, 30_000);
    await stage.lab.engine.kill('postgres');
    const finding = await onlyCause('database-down');
    expect(finding.title).toMatch(/down/);
    expect(finding.explanation.join()).toMatch(/SIGKILL/);
  });

  it('a frozen resolver is dead, not saturated', async () => {
    await stage.until('health', well, 30_000);
    await stage.lab.engine.pause('resolver');
    const finding = await onlyCause('resolver-dead');
    expect(finding.title).toMatch(/frozen/);
    expect(finding.ruledOut.map(({ id }) => id)).toContain('resolver-saturation');
    expect(finding.fix[0]).toMatchObject({ action: { name: 'restart', argument: 'resolver' } });
  });
});

describe('two failures at once', () => {
  it('a dead resolver and a database that is down are both causes', async () => {
    await stage.until('health', well, 30_000);
    await Promise.all([stage.lab.engine.stop('resolver'), stage.lab.engine.stop('postgres')]);
    const both = (state: FaultlineState) =>
      ['database-down', 'resolver-dead'].every((id) => causes(state).includes(id));
    const named = await stage.until('both are named', both, 20_000);
    expect(causes(named)).toHaveLength(2);
    await stage.holds('both stay', both, 3000);
    for (const finding of firing(named).filter((one) => one.explainedBy === null))
      expect(finding.ruledOut.map(({ id }) => id)).not.toContain(
        finding.id === 'database-down' ? 'resolver-dead' : 'database-down',
      );
  });

  it('a frozen application is not hidden by a database that is down', async () => {
    await stage.until('health', well, 30_000);
    await Promise.all([stage.lab.engine.pause('todo-app'), stage.lab.engine.stop('postgres')]);
    await stage.until(
      'both are named',
      (state) => ['database-down', 'service-hung'].every((id) => causes(state).includes(id)),
      20_000,
    );
  });
});
