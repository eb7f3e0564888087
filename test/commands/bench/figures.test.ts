import { describe, expect, it } from 'vitest';
import { figuresOf, NOTHING, quantile, wilson } from '../../../source/commands/bench/figures.js';
import type { Measured } from '../../../source/commands/bench/measured.js';
import { figuresJson, figuresMarkdown, figuresText, runText } from '../../../source/commands/bench/text.js';

const measured = (over: Partial<Measured> = {}): Measured => ({
  ...{ kind: 'cause', what: 'latency', round: 1, wanted: ['latency'], placed: true, reason: null },
  ...{ told: [{ id: 'latency', title: 'Delay', score: 0.9 }], namedMs: 4000, load: 1, at: 0 },
  ...over,
});
const told = (...ids: string[]) => ids.map((id) => ({ id, title: id, score: 0.8 }));

const RUNS = [
  measured(),
  measured({ round: 2, namedMs: 8000, placed: false }),
  measured({ round: 3, namedMs: null, placed: null, told: told('partition') }),
  measured({ round: 4, namedMs: null, placed: null, told: [] }),
  measured({ kind: 'pair', what: 'a + b', wanted: ['a', 'b'], told: told('b', 'c', 'a'), namedMs: 6000 }),
  measured({ kind: 'pair', what: 'a + b', round: 2, wanted: ['a', 'b'], told: told('a'), namedMs: null }),
  measured({ kind: 'control', what: 'healthy', wanted: [], told: [], namedMs: null, placed: null }),
  measured({ kind: 'control', what: 'surge', wanted: [], told: told('listen-overflow'), namedMs: null }),
];

describe('the figures of a benchmark', () => {
  const figures = figuresOf(RUNS);

  it('count what was named first, in which place, how soon, and what stood there instead', () => {
    expect(figures.scenarios).toEqual([
      {
        ...{ what: 'latency', runs: 4, right: 2, placed: 1, placeable: 2, medianMs: 4000, p95Ms: 8000 },
        ...{ scores: [0.9, 0.9], instead: new Map(Object.entries({ partition: 1, [NOTHING]: 1 })) },
      },
    ]);
    expect(figures.top1).toBe(0.5);
    expect([...(figures.matrix.get('latency') ?? [])]).toEqual([
      ['latency', 2],
      ['partition', 1],
      [NOTHING, 1],
    ]);
  });

  it('want both of a pair, in any order, and nothing at all in a control', () => {
    expect(figures.pairs[0]).toMatchObject({ right: 1, runs: 2 });
    expect(figures.controls.map(({ what, right }) => [what, right])).toEqual([
      ['healthy', 1],
      ['surge', 0],
    ]);
    expect(figures.falseAlarms).toBe(1);
  });

  it('say what scores are worth: Brier, and the share of each range with its interval', () => {
    expect(figures.brier).toBeCloseTo((0.01 + 0.01 + 0.64) / 3, 6);
    expect(figures.bins.map(({ from, to, right, of }) => [from, to, right, of])).toEqual([
      [0.7, 0.8, 0, 1],
      [0.8, 0.9, 2, 2],
    ]);
  });

  it('count what could not be measured as no run of a name, and say why', () => {
    const broken = measured({ told: [], reason: 'nobody felt it within 60 s', namedMs: null, placed: null });
    const { scenarios, brier, matrix } = figuresOf([broken]);
    expect(scenarios[0]).toMatchObject({ right: 0, runs: 1 });
    expect([...(scenarios[0]?.instead.keys() ?? [])]).toEqual(['nobody felt it within 60 s']);
    expect([brier, matrix.size]).toEqual([null, 0]);
  });

  it('are printed as text, as Markdown and as the line that scripts read', () => {
    expect(figuresText(figures)).toMatch(/latency +2 of 4 +1 of 2 +4\.0 s +8\.0 s/);
    expect(figuresMarkdown(figures)).toContain('| caused | named first |');
    expect(figuresJson(figures)).toMatchObject({
      ...{ top1: 0.5, median_ms_to_name: 6000, p95_ms_to_name: 8000, false_alarms: 1 },
      matrix: { latency: { latency: 2, partition: 1, nothing: 1 } },
    });
    expect(RUNS.map(runText)).toEqual([
      'latency, round 1: named first in 4.0 s',
      'latency, round 2: named first in 8.0 s, NOT ITS PLACE',
      'latency, round 3: WRONG: partition',
      'latency, round 4: WRONG: nothing',
      'a + b, round 1: both named in 6.0 s',
      'a + b, round 2: WRONG: a',
      'control healthy: quiet',
      'control surge: ALARM: listen-overflow',
    ]);
  });
});

describe('what a share is worth', () => {
  it('is an interval as Wilson gives it', () => {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20.
    const [from, to] = wilson(81, 263);
    expect([from.toFixed(4), to.toFixed(4)]).toEqual(['0.2553', '0.3662']);
    const [none, some] = wilson(0, 20);
    expect([none.toFixed(4), some.toFixed(4)]).toEqual(['0.0000', '0.1611']);
    expect(wilson(0, 0)).toEqual([0, 1]);
  });

  it('a quantile is a value that was measured', () => {
    expect([0, 0.5, 0.95, 1].map((share) => quantile([5, 1, 3, 2, 4], share))).toEqual([1, 3, 5, 5]);
    expect(quantile([], 0.5)).toBeNull();
  });
});
