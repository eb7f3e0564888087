import { describe, expect, it } from 'vitest';
import { outageParts, partMs } from '../../source/store/outage-parts.js';

const outage = {
  triggeredAt: 1000,
  symptomAt: 2200,
  namedAt: 10_200,
  fixedAt: 25_400,
  verifiedAt: 32_500,
};
const took = (part: Partial<Record<keyof typeof outage, number | null>>) =>
  outageParts({ ...outage, ...part }).map(partMs);

describe('the parts of an outage', () => {
  it('lie between its marks', () => {
    expect(took({})).toEqual([1200, 8000, 15_200, 7100]);
  });

  it('are not known for what did not happen; what healed by itself is clocked from its symptom', () => {
    const healed = { triggeredAt: null, namedAt: null, fixedAt: null };
    expect(took(healed)).toEqual([null, null, null, 30_300]);
    expect(took({ ...healed, verifiedAt: null })).toEqual([null, null, null, null]);
  });

  it('are never negative: a fix may come before the name, or without one', () => {
    expect(took({ fixedAt: 9000 })[2]).toBe(0);
    expect(took({ namedAt: null })[2]).toBe(23_200);
  });
});
