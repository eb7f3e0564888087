import { describe, expect, it } from 'vitest';
import type { Finding } from '../../source/store/finding.js';
import { historyOf } from '../../source/store/intake/intake.js';
import { advanceOutage, healedAt, NO_OUTAGE } from '../../source/store/outage.js';
import { SeriesBook } from '../../source/store/series.js';
import type { Outage } from '../../source/store/state.js';

const SIGNAL = 'http.ok{GET /}';

function bookOf(values: readonly number[]): SeriesBook {
  const book = new SeriesBook();
  for (const [i, value] of values.entries()) book.push(SIGNAL, (i + 1) * 1000, value);
  return book;
}

function finding(namedAt: number): Finding {
  return {
    key: 'x@host:here',
    id: 'x',
    subject: { kind: 'host', id: 'here' },
    title: 'x',
    severity: 'critical',
    state: 'firing',
    verdict: 'confirmed',
    score: 0.9,
    confidence: 0.9,
    target: 'x',
    since: namedAt - 2000,
    namedAt,
    evidence: [],
    ruledOut: [],
    fix: [],
    explainedBy: null,
    explanation: [],
  };
}

describe('the outage clock', () => {
  it('marks symptom and name, and ends at the first of five good probes', () => {
    const values = [1, 1, 0, 0, 1, 0, 1, 1, 1, 1];
    const triggered = { ...NO_OUTAGE, triggeredAt: 2500 };
    const marked = advanceOutage(triggered, null, historyOf(10_000, { http: {} }, bookOf(values)), [
      finding(5000),
    ]);
    expect(marked).toMatchObject({ symptomAt: 3000, namedAt: 5000, verifiedAt: null });
    const over = advanceOutage(marked, null, historyOf(11_000, { http: {} }, bookOf([...values, 1])), []);
    expect(over?.verifiedAt).toBe(7000);
  });

  it('opens without a trigger when something is named, and not again for what the last one named', () => {
    const history = historyOf(10_000, { http: {} }, bookOf([1, 1, 1, 1, 0, 0, 0]));
    expect(advanceOutage(null, null, history, [finding(9000)])?.symptomAt).toBe(5000);
    const last = { ...NO_OUTAGE, symptomAt: 5000, verifiedAt: 9500 };
    expect(advanceOutage(null, last, history, [finding(9000)])).toBeNull();
    expect(advanceOutage(null, last, history, [finding(9800)])).not.toBeNull();
  });

  it('opens once for what is named while every target answers, however long that lasts', () => {
    const found = [finding(9000)];
    const well = (now: number) =>
      historyOf(now, { http: {} }, bookOf(Array.from({ length: now / 1000 }, () => 1)));
    let outage: Outage | null = null;
    let last: Outage | null = null;
    let opened = 0;
    for (let now = 9000; now <= 40_000; now += 1000) {
      const next = advanceOutage(outage, last, well(now), found);
      if (next && !outage) opened += 1;
      const over = next !== null && next.verifiedAt !== null;
      [outage, last] = over ? [null, next] : [next, last];
    }
    expect(opened).toBe(1);
  });

  it('began with the first failure of what lasts, however long ago, and not with one that was over', () => {
    const flake = [0, ...Array(6).fill(1)];
    const lasting = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const now = 1000 * (flake.length + lasting.length);
    const history = historyOf(now, { http: {} }, bookOf([...flake, ...lasting]));
    expect(advanceOutage(null, null, history, [finding(now)])?.symptomAt).toBe(8000);
  });

  it('lasts while a critical finding is felt though every target answers; a warning alone opens none', () => {
    const well = (now: number) => historyOf(now, { http: {} }, bookOf(Array(now / 1000).fill(1)));
    const late = finding(9000);
    const earlier = { ...finding(9500), since: 3000 };
    const open = advanceOutage(null, null, well(10_000), [late, earlier]);
    expect(open).toMatchObject({ symptomAt: 3000, namedAt: 9000, verifiedAt: null });
    expect(advanceOutage(open, null, well(20_000), [late])?.verifiedAt).toBeNull();
    expect(advanceOutage(open, null, well(21_000), [])?.verifiedAt).toBe(21_000);
    expect(advanceOutage(null, null, well(10_000), [{ ...late, severity: 'warning' }])).toBeNull();
  });

  it('forgets a trigger that nobody felt', () => {
    const history = historyOf(40_000, { http: {} }, bookOf([1, 1, 1]));
    expect(advanceOutage({ ...NO_OUTAGE, triggeredAt: 1000 }, null, history, [])).toBeNull();
    expect(advanceOutage({ ...NO_OUTAGE, triggeredAt: 30_000 }, null, history, [])).not.toBeNull();
  });

  it('ends where no target is probed when nothing fires any more', () => {
    const at = (now: number, found: readonly Finding[], outage: Outage | null) =>
      advanceOutage(outage, null, historyOf(now, { http: {} }, new SeriesBook()), found);
    const open = at(10_000, [finding(9000)], null);
    expect(open).toMatchObject({ symptomAt: 7000, verifiedAt: null });
    expect(at(11_000, [finding(9000)], open)).toMatchObject({ verifiedAt: null });
    expect(at(12_000, [], open)?.verifiedAt).toBe(12_000);
  });

  it('is healed only when every target is', () => {
    const book = bookOf([0, 1, 1, 1, 1, 1]);
    expect(healedAt(historyOf(6000, { http: {} }, book), 0)).toBe(2000);
    book.push('http.ok{GET /todos}', 6000, 0);
    expect(healedAt(historyOf(6000, { http: {} }, book), 0)).toBeNull();
    expect(healedAt(historyOf(6000, { http: {} }, new SeriesBook()), 0)).toBeNull();
  });
});
