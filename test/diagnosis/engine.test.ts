import { describe, expect, it } from 'vitest';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import { missing, refutes, supports } from '../../source/diagnosis/evidence.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { Finding } from '../../source/store/finding.js';
import { at, follow, signature } from './told.js';

const states = (looks: Finding[][]) => looks.map((findings) => findings[0]?.state ?? '-');
const between = (from: number, to: number) => (now: number) => {
  const on = now >= from * 1000 && now <= to * 1000;
  return { raise: on, clear: !on };
};

describe('the life of a finding', () => {
  it('is pending until raise has held for forMs, then fires, resolves, and is dropped after keepMs', () => {
    expect(states(follow(12, signature('a', between(2, 6))))).toEqual([
      '-',
      'pending',
      'pending',
      'firing',
      'firing',
      'firing',
      'resolving',
      'resolving',
      'resolving',
      '-',
      '-',
      '-',
    ]);
  });

  it('never fires when raise does not last', () => {
    expect(states(follow(6, signature('a', between(2, 3))))).toEqual([
      '-',
      'pending',
      'pending',
      '-',
      '-',
      '-',
    ]);
  });

  it('fires at first sight without forMs', () => {
    expect(states(follow(2, signature('a', between(2, 9), { forMs: 0 })))).toEqual(['-', 'firing']);
  });

  it('keeps firing between raise and clear, and starts the wait of a pending one again there', () => {
    const band = (now: number) => ({ raise: now === 1000 || now === 3000 || now > 6000, clear: false });
    const looks = states(follow(10, signature('a', band)));
    expect(looks.slice(0, 8)).toEqual(Array(8).fill('pending'));
    expect(looks.slice(8)).toEqual(['firing', 'firing']);
    const held = (now: number) => ({ raise: now <= 4000, clear: false });
    expect(states(follow(30, signature('a', held))).at(-1)).toBe('firing');
  });

  it('fires again under its first name when it comes back while resolving', () => {
    const looks = follow(
      14,
      signature('a', (now) => ({ raise: now < 5000 || now > 6000, clear: now === 5000 || now === 6000 })),
    );
    expect(states(looks).slice(2, 8)).toEqual([
      'firing',
      'firing',
      'resolving',
      'resolving',
      'firing',
      'firing',
    ]);
    expect(new Set(looks.slice(2).map((one) => one[0]?.namedAt))).toEqual(new Set([3000]));
  });

  it('keeps since and namedAt stable, since as it was first told', () => {
    const looks = follow(
      8,
      signature('a', (now) => ({ since: now - 500 })),
    ).map((one) => one[0] as Finding);
    expect(new Set(looks.map((one) => one.since))).toEqual(new Set([500]));
    expect(looks.map((one) => one.namedAt)).toEqual([null, null, ...Array(6).fill(3000)]);
  });

  it('keeps its name and how sure it was while it goes away, with the figures of now', () => {
    const row = { signal: 's', value: 'fine', threshold: '2', source: 'test' };
    const looks = follow(
      6,
      signature('a', (now) =>
        now <= 4000
          ? { title: 'sick', target: 'x', base: 0.9 }
          : {
              raise: false,
              clear: true,
              title: 'well',
              target: 'y',
              base: 0.1,
              evidence: [refutes(0.5, row)],
            },
      ),
    );
    expect(looks[4]?.[0]).toMatchObject({ state: 'resolving', title: 'sick', target: 'x', confidence: 0.9 });
    expect(looks[4]?.[0]?.evidence).toEqual([{ ...row, verdict: 'refutes' }]);
  });

  it('survives a wall clock that is set back', () => {
    const one = signature('a', () => ({}));
    const first = diagnose(at(100_000), [one], NO_DIAGNOSIS);
    const back = diagnose(at(10_000), [one], first.state);
    expect(diagnose(at(12_000), [one], back.state).findings[0]?.state).toBe('firing');
  });
});

describe('confidence', () => {
  const row = { signal: 's', value: '1', threshold: '2', source: 'test' };
  const confidence = (base: number, evidence: Assessment['evidence']) =>
    follow(
      1,
      signature('a', () => ({ base, evidence })),
    )[0]?.[0]?.confidence;

  it('adds what supports, takes off what refutes and 0.1 for what is missing', () => {
    expect(confidence(0.5, [supports(0.3, row), refutes(0.1, row), missing('x', 'why', 'what')])).toBe(0.6);
  });
  it('stays within 0.05 and 0.99, whatever it is given', () => {
    expect(confidence(0.9, [supports(0.9, row)])).toBe(0.99);
    expect(confidence(0.1, [refutes(0.9, row)])).toBe(0.05);
    expect(confidence(Number.NaN, [])).toBe(0.05);
  });
  it('does not leak the weights into the finding', () => {
    const looks = follow(
      1,
      signature('a', () => ({ evidence: [supports(0.3, row)] })),
    );
    expect(looks[0]?.[0]?.evidence).toEqual([{ ...row, verdict: 'supports' }]);
  });
});

describe('a signature that fails', () => {
  it('is reported as nothing and breaks no other', () => {
    const bad: Signature = {
      ...signature('bad', () => ({})),
      assess: () => {
        throw new Error('no');
      },
    };
    const looks = follow(
      3,
      bad,
      signature('good', () => ({})),
      signature('blind', () => undefined),
    );
    expect(looks[2]?.map((one) => one.id)).toEqual(['good']);
  });
});

it('is pure: the same history, signatures and state give the same answer, and nothing given is changed', () => {
  const signatures = [signature('a', between(1, 9)), signature('b', between(1, 9), { explains: ['a'] })];
  const before = diagnose(at(1000), signatures, NO_DIAGNOSIS).state;
  const copy = JSON.parse(JSON.stringify(before));
  const once = diagnose(at(4000), signatures, before);
  expect(diagnose(at(4000), signatures, before)).toEqual(once);
  expect(before).toEqual(copy);
});
