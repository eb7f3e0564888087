import { describe, expect, it } from 'vitest';
import { symptomSince } from '../../source/commands/run/symptoms.js';
import { SeriesBook } from '../../source/store/series.js';
import type { FaultlineState } from '../../source/store/state.js';
import { state } from './states.js';

const SINCE = 1_700_000_100_000;

/** A state with nothing but these series: values every other second around the cause, `before | after`. */
function seen(
  series: Readonly<Record<string, readonly [readonly number[], readonly number[]]>>,
): FaultlineState {
  const book = new SeriesBook();
  for (const [name, [before, after]] of Object.entries(series)) {
    before.forEach((value, i) => {
      book.push(name, SINCE - (before.length - i) * 2000, value);
    });
    after.forEach((value, i) => {
      book.push(name, SINCE + (i + 1) * 2000, value);
    });
  }
  return { ...state(), latest: { http: {} }, outage: null, lastOutage: null, series: book };
}

describe('the first symptom', () => {
  it('is a target far slower than before, twice in a row, and dates from the first slow run', () => {
    const slow = seen({
      'http.ms{GET /}': [
        [20, 22, 21],
        [30, 400, 410],
      ],
    });
    expect(symptomSince(slow, SINCE)).toEqual({
      at: SINCE + 4000,
      text: 'GET / is slow: 21 ms before, 400 ms now',
    });
    for (const after of [[400], [100, 110], [400, 30]])
      expect(symptomSince(seen({ 'http.ms{GET /}': [[20, 22, 21], after] }), SINCE)).toBeUndefined();
    expect(
      symptomSince(
        seen({
          'http.ms{GET /}': [
            [200, 220, 210],
            [700, 710],
          ],
        }),
        SINCE,
      ),
    ).toBeUndefined();
    expect(symptomSince(seen({ 'http.ms{GET /}': [[20], [900, 900]] }), SINCE)).toBeUndefined();
  });

  it('is a pair that no longer connects, a service that ended, a kill for memory: whichever came first', () => {
    const all = {
      'matrix.ok{a→b}': [[1], [1, 0]],
      'service.up{store}': [
        [1, 1],
        [1, 1, 0],
      ],
      'service.oomKills{shop}': [[3], [3, 3, 3, 4]],
    } as const;
    expect(symptomSince(seen(all), SINCE)).toEqual({ at: SINCE + 4000, text: 'a→b no longer connects' });
    expect(symptomSince(seen({ 'service.up{store}': all['service.up{store}'] }), SINCE)?.text).toBe(
      'store has ended',
    );
    expect(
      symptomSince(seen({ 'service.oomKills{shop}': all['service.oomKills{shop}'] }), SINCE)?.text,
    ).toMatch(/the kernel killed a process of shop/);
  });

  it('is nothing that was so before, or that was never measured', () => {
    const old = {
      'matrix.ok{a→b}': [[0], [0]],
      'service.up{store}': [[0], [0]],
      'service.oomKills{shop}': [[3], [3]],
      'matrix.ok{a→c}': [[], [0]],
      'service.oomKills{other}': [[Number.NaN], [2]],
    } as const;
    expect(symptomSince(seen(old), SINCE)).toBeUndefined();
  });
});
