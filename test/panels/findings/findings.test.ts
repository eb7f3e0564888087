import { describe, expect, test } from 'vitest';
import { SeriesBook } from '../../../source/store/series.js';
import type { FaultlineState } from '../../../source/store/state.js';
import { text } from '../../helpers/panel-text.js';
import { book, healthyState, incidentState, NOW, SATURATED } from '../../helpers/state.js';

describe('finding', () => {
  test('alone it shows the evidence with the source of each threshold, and what it explains', () => {
    const shown = text('finding', incidentState());
    expect(shown).toMatch(/✔ for +dns\.p95 +1\.98 s\n +against at most 1 s \(glibc waits 5 s/);
    expect(shown).toMatch(/\? unread +conntrack\.fill/);
    expect(shown).toContain('Explains 1 other finding: todo-app does not answer');
  });

  test('alone it shows what the history says to the questions of a review', () => {
    const said = {
      id: 'pool',
      question: 'Did the pool saturate?',
      answer: 'no',
      because: '6 of 97',
    } as const;
    const state = incidentState({ reviews: { [SATURATED.key]: [said] } });
    expect(text('finding', state)).toMatch(
      /Review {2}The resolver is .*\n {2}Did the pool saturate\? no\n {6}6 of 97$/,
    );
    expect(text('finding', state, { alone: false })).not.toContain('Review');
  });

  test('in four lines: the sentence, the place, what it is not, what to press', () => {
    const shown = text('finding', incidentState(), { alone: false, width: 76, height: 4 }).split('\n');
    expect(shown).toHaveLength(4);
    expect(shown[0]).toContain('The resolver is saturated');
    expect(shown[2]).toContain('Not the database');
    expect(shown[3]).toMatch(/Now +r restart todo-app/);
  });

  test('a remedy has the key of the switches where this session has one of its name, and none elsewhere', () => {
    const fix = [{ when: 'later', text: 'keep connections open', remedy: 'pool' }] as const;
    const findings = [{ ...SATURATED, fix }];
    const pool = { id: 'pool', title: 'connection pool', on: false, explains: 'keeps them open' };
    expect(text('finding', incidentState({ findings, hardening: [pool] }))).toMatch(
      /Later +h keep connections open/,
    );
    expect(text('finding', incidentState({ findings, hardening: [] }))).toMatch(
      /Later +• keep connections open/,
    );
  });

  test('a pending finding is something that is suspected, not a cause', () => {
    const pending = { ...SATURATED, state: 'pending', namedAt: null } as const;
    const shown = text('finding', healthyState({ findings: [pending] }));
    expect(shown).toContain('Suspected: The resolver is saturated');
    expect(shown).toContain('All is well');
  });

  test('a finding that resolves is said to go away', () => {
    const resolving = { ...SATURATED, state: 'resolving' } as const;
    const shown = text('finding', healthyState({ findings: [resolving] }));
    expect(shown).toMatch(/^◐ Recovering: The resolver is saturated/);
  });

  test('symptoms without a name are said to have none', () => {
    const shown = text('finding', incidentState({ findings: [] }));
    expect(shown).toMatch(/Something is wrong, since 12:03:58; no name for it yet/);
    expect(shown).toContain('HTTP success');
  });

  test('right after an outage, averages that still carry it are no new trouble; a failing probe is', () => {
    const done = {
      triggeredAt: null,
      symptomAt: NOW - 60_000,
      namedAt: NOW - 50_000,
      fixedAt: NOW - 20_000,
      verifiedAt: NOW - 9_000,
    };
    const healed = healthyState({ lastOutage: done });
    const lab = { ...healed.latest, http: healthyState().latest.http };
    expect(text('finding', { ...healed, latest: lab, series: book(false) })).toContain(
      'All is well for 00:09',
    );
    const dragging = book(false);
    dragging.push('http.p99', NOW, 5_000);
    const shown = text('finding', { ...healed, latest: lab, series: dragging });
    expect(shown).toContain('All is well for 00:09');
    expect(shown).toContain('It is over; rows marked ◐ still count the last minute');
    const rows = (state: FaultlineState) => text('symptoms', state, { alone: false });
    const after = { ...healed, latest: lab, series: dragging };
    expect(rows(after)).toMatch(/HTTP p99.*◐ over, settling/);
    expect(rows({ ...after, lastOutage: null })).toMatch(/HTTP p99.*◆ above 1 s/);
    const failing = { ...lab, http: incidentState().latest.http };
    expect(text('finding', { ...healed, latest: failing, series: dragging })).toContain('Something is wrong');
  });

  test('without a single reading it does not say that all is well', () => {
    const empty = healthyState({
      latest: { http: {} },
      lab: null,
      series: new SeriesBook(),
    });
    expect(text('finding', empty)).toContain('The first readings are coming in');
    expect(text('finding', empty)).not.toContain('All is well');
  });
});
