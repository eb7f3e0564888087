import { describe, expect, it } from 'vitest';
import { RestingWays } from '../../../source/probes/matrix/resting.js';
import { matrixSeries } from '../../../source/probes/matrix/series.js';
import type { MatrixCell } from '../../../source/probes/samples.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const PAIRS = NAMES.flatMap((source, i) => NAMES.map((target, j) => ({ source, target, i, j }))).filter(
  ({ i, j }) => i !== j,
);
const because = 'shared-network' as const;

/** One round: who rests gives what stands for it, the others what `ask` finds. */
function round(ways: RestingWays, ask: (one: (typeof PAIRS)[number]) => Partial<MatrixCell> = () => ({})) {
  ways.begin();
  const cells = PAIRS.map((one): MatrixCell => {
    const { source, target, i, j } = one;
    const found = { outcome: 'connected', errno: null, ms: 0.4, meaning: 'it connects' } as const;
    return ways.of({ source, target, because }, i, j) ?? { source, target, ...found, because, ...ask(one) };
  });
  ways.end(cells);
  return cells;
}

const resting = (cells: readonly MatrixCell[]) => cells.filter(({ rests }) => rests);

describe('ways that nobody is known to need', () => {
  it('are all asked at first, and then each in one round of three, with every end in every round', () => {
    const ways = new RestingWays();
    expect(resting(round(ways))).toEqual([]);
    const rounds = [1, 2, 3].map(() => round(ways).filter(({ rests }) => !rests));
    for (const asked of rounds)
      for (const name of NAMES) {
        expect(asked.some(({ source }) => source === name)).toBe(true);
        expect(asked.some(({ target }) => target === name)).toBe(true);
      }
    const asked = rounds.flat().map(({ source, target }) => `${source} ${target}`);
    expect(asked).toHaveLength(PAIRS.length);
    expect(new Set(asked).size).toBe(PAIRS.length);
  });

  it('are all asked as long as any does not connect', () => {
    const ways = new RestingWays();
    const cut = ({ target }: { target: string }): Partial<MatrixCell> =>
      target === 'c' ? { outcome: 'timeout', ms: 1_500 } : {};
    round(ways, cut);
    expect(resting(round(ways, cut))).toEqual([]);
    expect(resting(round(ways))).toEqual([]);
    expect(resting(round(ways)).length).toBeGreaterThan(0);
  });

  it('are asked in every round where they are slow, and where somebody needs them', () => {
    const ways = new RestingWays();
    const slow = ({ source }: { source: string }): Partial<MatrixCell> => (source === 'b' ? { ms: 80 } : {});
    round(ways, slow);
    expect(resting(round(ways, slow)).some(({ source }) => source === 'b')).toBe(false);
    ways.begin();
    expect(ways.of({ source: 'a', target: 'b', because: 'seen' }, 0, 1)).toBeUndefined();
    expect(ways.of({ source: 'a', target: 'b', because: undefined }, 0, 1)).toBeUndefined();
  });

  it('have no value in the rounds in which they rest', () => {
    const ways = new RestingWays();
    round(ways);
    const cells = round(ways);
    const named = new Set(
      [...matrixSeries({ sources: [], targets: [], cells, missing: [] })].map(([name]) => name),
    );
    for (const { source, target, rests } of cells)
      expect(named.has(`matrix.ok{${source}→${target}}`)).toBe(!rests);
    expect(named.has('matrix.reached')).toBe(true);
  });
});
