import { describe, expect, it } from 'vitest';
import type { FailureMode } from '../../scenarios/failure-mode.js';
import { failureModes } from '../../scenarios/index.js';
import { plainStory } from '../../scenarios/plain-story.js';
import { story } from '../../scenarios/resolver-saturation/story.js';
import type { Finding } from '../../source/store/finding.js';
import { NO_OUTAGE } from '../../source/store/outage.js';
import { createFaultlineStore, type FaultlineState } from '../../source/store/state.js';
import { HANG, http, postgres } from '../helpers/samples.js';

const NOW = 1_700_000_000_000;

const target = (sick: boolean) => ({
  'GET /todos': { at: NOW, stale: false, sample: http('GET /todos', sick ? HANG : undefined) },
});
const base = (): FaultlineState => {
  const store = createFaultlineStore({
    mode: 'demo',
    subject: 'embedded lab',
    readOnly: false,
    startedAt: NOW,
  });
  const state = store.getState();
  state.series.push('http.success', NOW, 1);
  return {
    ...state,
    latest: { http: target(false), postgres: { at: NOW, stale: false, sample: postgres() } },
  };
};
const tell = (over: Partial<FaultlineState>) => story({ ...base(), ...over });
const sickLatest = { ...base().latest, http: target(true) };
const action = (name: string) =>
  ({ name, title: name, startedAt: NOW, share: 0.5, text: '60 of 120', state: 'running', rows: [] }) as const;
const finding: Finding = {
  key: 'resolver-saturation@host:here',
  id: 'resolver-saturation',
  subject: { kind: 'host', id: 'here' },
  title: 'The resolver is saturated',
  severity: 'critical',
  state: 'firing',
  verdict: 'confirmed',
  score: 0.9,
  confidence: 0.9,
  target: 'shop → names',
  since: NOW,
  namedAt: NOW,
  evidence: [],
  ruledOut: [],
  fix: [{ when: 'now', text: 'restart', action: { name: 'restart', argument: 'shop' } }],
  explainedBy: null,
  explanation: [],
};

describe('the story of the demonstration', () => {
  it('begins when all is well, with the database in figures', () => {
    const step = tell({});
    expect(step).toMatchObject({ step: 1, of: 6, customersSee: 'the page loads' });
    expect(step.lookAt).toContain('SELECT 1 in 2 ms');
  });

  it('does not say that all is well before any probe has answered', () => {
    const empty = createFaultlineStore({
      mode: 'demo',
      subject: 'lab',
      readOnly: false,
      startedAt: NOW,
    }).getState();
    expect(story(empty).customersSee).not.toContain('loads');
  });

  it('goes through trigger, symptoms, name, restart and proof as they happen', () => {
    const triggered = { ...NO_OUTAGE, triggeredAt: NOW };
    const felt = { ...triggered, symptomAt: NOW + 5000 };
    const named = { ...felt, namedAt: NOW + 9000 };
    const fixed = { ...named, fixedAt: NOW + 20_000 };
    const over = { ...fixed, verifiedAt: NOW + 47_000 };
    const steps = [
      tell({ outage: triggered, action: action('spike') }),
      tell({ outage: felt, latest: sickLatest }),
      tell({ outage: named, latest: sickLatest, findings: [finding] }),
      tell({ outage: named, latest: sickLatest, findings: [finding], action: action('restart') }),
      tell({ outage: fixed, latest: sickLatest, findings: [finding] }),
      tell({ outage: fixed, findings: [finding] }),
      tell({ lastOutage: over }),
    ];
    expect(steps.map((step) => step.step)).toEqual([2, 3, 4, 5, 5, 5, 6]);
    expect(steps[2]?.lookAt).toBe('the database is innocent: press r to restart shop');
    expect(steps[5]?.customersSee).toBe('the page loads again');
    expect(steps[6]?.lookAt).toContain('MTTR 42 s');
    // Beside "Step 1 of 6" on a terminal of 80 columns.
    for (const { lookAt } of steps) expect(lookAt.length, lookAt).toBeLessThanOrEqual(66);
  });

  it('names no key where nothing may be pressed', () => {
    const session = { ...base().session, readOnly: true };
    const outage = { ...NO_OUTAGE, symptomAt: NOW, namedAt: NOW };
    const over = { ...outage, verifiedAt: NOW + 42_000 };
    const told = [
      tell({ session }),
      tell({ session, outage, findings: [finding] }),
      tell({ session, lastOutage: over }),
    ];
    for (const { lookAt } of told) expect(lookAt).not.toMatch(/press/);
    expect(told[2]?.lookAt).toContain('it healed by itself after 42 s');
  });

  it('says so when the spike was absorbed', () => {
    const step = tell({ outage: { ...NO_OUTAGE, triggeredAt: NOW } });
    expect(step.step).toBe(2);
    expect(step.lookAt).toContain('absorbed');
  });

  it('does not call a database innocent that is not', () => {
    const slow = { at: NOW, stale: false, sample: postgres({ selectOneMs: 900 }) };
    const state = { outage: { ...NO_OUTAGE, symptomAt: NOW }, latest: { ...sickLatest, postgres: slow } };
    expect(tell(state).lookAt).not.toContain('innocent');
    expect(
      tell({ ...state, latest: { ...state.latest, postgres: { ...slow, stale: true } } }).lookAt,
    ).not.toContain('SELECT');
  });

  it('starts again with a new spike', () => {
    const over = { ...NO_OUTAGE, symptomAt: NOW, verifiedAt: NOW + 1 };
    expect(
      tell({ lastOutage: over, outage: { ...NO_OUTAGE, triggeredAt: NOW }, action: action('spike') }).step,
    ).toBe(2);
  });

  it('leaves the state as it was and answers the same again', () => {
    const state = base();
    const before = JSON.stringify(state);
    expect(story(state)).toEqual(story(state));
    expect(JSON.stringify(state)).toBe(before);
  });
});

describe('the story of a mode without a script of its own', () => {
  const [mode] = failureModes.filter(({ id }) => id === 'database-down');
  const plain = plainStory(mode as FailureMode);

  it('begins with what is measured, and calls nothing well that fails', () => {
    expect(plain(base())).toMatchObject({ step: 1, title: 'All is well' });
    expect(plain(base()).lookAt).toContain('SELECT 1 in');
    const { title, lookAt } = plain({ ...base(), latest: sickLatest });
    expect([title, lookAt]).toEqual(['Not well yet', '1 target yet to answer well']);
  });

  it('says of no probe that it answers where none was asked for a database', () => {
    const { http: targets } = base().latest;
    expect(
      plain({ ...base(), latest: { ...base().latest, http: targets, postgres: undefined } as never }).lookAt,
    ).toMatch(/^every target answers/);
  });
});
