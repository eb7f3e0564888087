import { describe, expect, it } from 'vitest';
import { isFailingLookup, Onset } from '../../../source/runtime/inside/onset.js';

/** One container's lookup of one name, which ended so. */
function lookup(outcome: string, at = 0, resolved = false) {
  const steps = [{ qname: 'db', qtype: 'A', outcome, ms: 1, addresses: [] }];
  return {
    ok: true,
    id: 'dns:web',
    at,
    tookMs: 1,
    sample: { names: [{ name: 'db', resolved, steps }] },
  } as const;
}

describe('lookups that begin to fail', () => {
  it.each(['timeout', 'refused', 'unreachable', 'SERVFAIL', 'REFUSED'])(
    'by %s ask the others to look, too',
    (outcome) => {
      expect(isFailingLookup(lookup(outcome))).toBe(true);
    },
  );

  it('are not those that are denied or given', () => {
    expect(isFailingLookup(lookup('NXDOMAIN'))).toBe(false);
    expect(isFailingLookup(lookup('timeout', 0, true))).toBe(false);
  });

  it('begin once as long as they go on', () => {
    const onset = new Onset(isFailingLookup);
    const begins = [0, 6_000, 12_000, 40_000].map((at) => onset.isBegunBy(lookup('timeout', at)));
    expect(begins).toEqual([true, false, false, true]);
  });
});
