import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering, onTop, openStage, type Stage } from '../helpers/stage.js';

/** Failures that look alike from outside, each caused for real and each named: the others must not be on top. */
const MODES = [
  'database-down',
  'database-connections',
  'resolver-dead',
  'name-missing',
  'service-stopped',
  'service-hung',
];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe.each(MODES)('%s', (mode) => {
  it('is caused, named above all others, undone and gone', async () => {
    await stage.until('health', (state) => answering(state) && state.findings.length === 0, 60_000);
    const injected = await stage.runtime.act('inject', mode);
    expect(injected.ok, injected.text).toBe(true);
    expect(stage.runtime.store.getState().findings.map(({ id }) => id)).not.toContain('resolver-saturation');
    const named = await stage.until(`${mode} on top`, (state) => onTop(state) === mode, 20_000);
    const finding = named.findings.find(({ id }) => id === mode);
    expect(finding?.evidence.some(({ verdict }) => verdict === 'supports')).toBe(true);
    expect(finding?.ruledOut.length).toBeGreaterThan(0);
    expect(finding?.fix.some(({ when }) => when === 'now')).toBe(true);
    await stage.holds(`${mode} stays on top`, (state) => onTop(state) === mode, 3000);
    const undone = await stage.runtime.act('undo-all');
    expect(undone.ok, undone.text).toBe(true);
    await stage.until('health again', answering, 30_000);
    expect(stage.state().faults).toHaveLength(0);
  });
});
