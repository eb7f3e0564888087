import { describe, expect, it } from 'vitest';
import { formatMs, formatOutage, outageParts } from '../../source/actions/mttr.js';

const outage = {
  triggeredAt: 1000,
  symptomAt: 2200,
  namedAt: 10_200,
  fixedAt: 25_400,
  verifiedAt: 32_500,
};

describe('outage parts', () => {
  it('splits an outage at its marks', () => {
    expect(outageParts(outage)).toEqual({
      toSymptom: 1200,
      toName: 8000,
      toFix: 15_200,
      toVerified: 7100,
      mttr: 30_300,
    });
    expect(formatOutage(outage)).toBe(
      'to symptom 1.2 s, to name 8.0 s, to fix 15.2 s, to verified 7.1 s; down for 30.3 s',
    );
  });

  it('leaves out what did not happen', () => {
    const healed = { ...outage, triggeredAt: null, namedAt: null, fixedAt: null };
    expect(outageParts(healed)).toMatchObject({ toSymptom: null, toFix: null, toVerified: 30_300 });
    expect(formatOutage({ ...healed, verifiedAt: null })).toBe('not recovered yet');
  });

  it('is never negative: a fix may come before the name', () => {
    expect(outageParts({ ...outage, fixedAt: 9000 }).toFix).toBe(0);
  });

  it('words durations', () => {
    expect([null, 0, 999, 1000, 59_949, 59_960, 125_000].map(formatMs)).toEqual([
      'unknown',
      '0 ms',
      '999 ms',
      '1.0 s',
      '59.9 s',
      '1 min 00 s',
      '2 min 05 s',
    ]);
  });
});
