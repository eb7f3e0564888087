import { describe, expect, it } from 'vitest';
import { FOLLOWS_AN_END } from '../../scenarios/follows-an-end.js';
import { allModes, failureModes, findMode } from '../../scenarios/index.js';

describe.each(failureModes.map((mode) => [mode.id, mode] as const))('%s', (id, mode) => {
  it('says everything a person asks of it', () => {
    expect(mode.id).toBe(id);
    expect(findMode(id)).toBe(mode);
    for (const text of [mode.title, mode.summary, mode.origin]) expect(text.trim()).not.toBe('');
    for (const list of [mode.symptoms, mode.rootCause, mode.fix, mode.prevention, mode.recovery]) {
      expect(list.length).toBeGreaterThan(0);
      for (const line of list) expect(line.trim()).not.toBe('');
    }
    expect(mode.alerts.length).toBeGreaterThan(0);
    for (const alert of mode.alerts)
      for (const text of [alert.name, alert.condition, alert.for]) expect(text.trim()).not.toBe('');
    expect(mode.investigation.length).toBeGreaterThan(1);
    for (const step of mode.investigation)
      for (const text of [step.step, step.command, step.expect]) expect(text.trim()).not.toBe('');
  });

  it('names rivals that exist, itself not among them, each once, and how they are told apart', () => {
    const rivals = mode.confusedWith.map((rival) => rival.id);
    expect(rivals.length).toBeGreaterThan(1);
    expect(new Set(rivals).size).toBe(rivals.length);
    expect(rivals).not.toContain(id);
    for (const rival of mode.confusedWith) {
      expect(findMode(rival.id), rival.id).toBeDefined();
      expect(rival.tellApart.trim()).not.toBe('');
    }
  });

  it('can be caused on a lab, or says why not, and says what is done and undone', () => {
    const causes = [mode.causes.embedded ?? [], mode.causes.docker ?? []].flat();
    if (causes.length === 0) expect(mode.notCaused?.trim()).toBeTruthy();
    else expect(mode.notCaused).toBeUndefined();
    for (const { describe, undoDescribe } of causes)
      for (const text of [describe, undoDescribe]) expect(text.trim()).toBeTruthy();
    const variants = (mode.causes.docker ?? []).map(({ variant }) => variant);
    expect(new Set(variants).size).toBe(variants.length);
    if (variants.length > 1) for (const variant of variants) expect(variant).toMatch(/^[a-z0-9-]+$/);
  });
});

it('knows each mode once, and explains, follows from and rules out only what exists and never itself', () => {
  const ids = allModes().map((mode) => mode.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(failureModes.map(({ id }) => id));
  const known = [...ids, ...allModes().flatMap(({ aliases = [] }) => aliases)];
  for (const { id, aliases = [], explains, rivals, followsFrom = [] } of allModes())
    for (const other of [...explains, ...rivals, ...followsFrom]) {
      expect(known, `${id} speaks of ${other}`).toContain(other);
      expect([id, ...aliases]).not.toContain(other);
    }
  for (const id of FOLLOWS_AN_END) expect(known).toContain(id);
});

it('judges last what nothing else explains', () => {
  expect(failureModes.slice(-2).map(({ id }) => id)).toEqual(['http-errors', 'unexplained']);
});

it('finds no mode of an unknown id', () => {
  expect(findMode('no-such-mode')).toBeUndefined();
});
