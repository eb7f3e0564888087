import { describe, expect, it } from 'vitest';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import { missing, refutes, supports } from '../../source/diagnosis/evidence.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Finding } from '../../source/store/finding.js';
import { at, follow, mode, weighing } from './told.js';

const states = (looks: Finding[][]) => looks.map((findings) => findings[0]?.state ?? '-');
const between = (from: number, to: number) => (now: number) => {
  const on = now >= from * 1000 && now <= to * 1000;
  return { raise: on, clear: !on };
};

describe('the life of a finding', () => {
  it('is pending until raise has held for forMs, then fires, resolves, and is dropped after keepMs', () => {
    expect(states(follow(12, mode('a', between(2, 6))))).toEqual([
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
    expect(states(follow(6, mode('a', between(2, 3))))).toEqual(['-', 'pending', 'pending', '-', '-', '-']);
  });

  it('fires at first sight without forMs', () => {
    expect(states(follow(2, mode('a', between(2, 9), { forMs: 0 })))).toEqual(['-', 'firing']);
  });

  it('keeps firing between raise and clear, and starts the wait of a pending one again there', () => {
    const band = (now: number) => ({ raise: now === 1000 || now === 3000 || now > 6000, clear: false });
    const looks = states(follow(10, mode('a', band)));
    expect(looks.slice(0, 8)).toEqual(Array(8).fill('pending'));
    expect(looks.slice(8)).toEqual(['firing', 'firing']);
    const held = (now: number) => ({ raise: now <= 4000, clear: false });
    expect(states(follow(30, mode('a', held))).at(-1)).toBe('firing');
  });

  it('fires again under its first name when it comes back while resolving', () => {
    const looks = follow(
      14,
      mode('a', (now) => ({ raise: now < 5000 || now > 6000, clear: now === 5000 || now === 6000 })),
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
      mode('a', (now) => ({ since: now - 500 })),
    ).map((one) => one[0] as Finding);
    expect(new Set(looks.map((one) => one.since))).toEqual(new Set([500]));
    expect(looks.map((one) => one.namedAt)).toEqual([null, null, ...Array(6).fill(3000)]);
  });

  it('keeps its name and how sure it was while it goes away, with the figures of now', () => {
    const row = { signal: 's', value: 'fine', threshold: '2', reading: 1 };
    const looks = follow(
      6,
      mode('a', (now) =>
        now <= 4000
          ? { title: 'sick', target: 'x', base: 0.9 }
          : {
              raise: false,
              clear: true,
              title: 'well',
              target: 'y',
              base: 0.1,
              evidence: [refutes(weighing(0.5), row)],
            },
      ),
    );
    expect(looks[4]?.[0]).toMatchObject({ state: 'resolving', title: 'sick', target: 'x', confidence: 0.9 });
    expect(looks[4]?.[0]?.evidence).toEqual([
      { ...row, unit: 'pieces', source: 'test', at: null, verdict: 'refutes' },
    ]);
  });

  it('survives a wall clock that is set back', () => {
    const one = mode('a', () => ({}));
    const first = diagnose(at(100_000), [one], NO_DIAGNOSIS);
    const back = diagnose(at(10_000), [one], first.state);
    expect(diagnose(at(12_000), [one], back.state).findings[0]?.state).toBe('firing');
  });
});

describe('confidence', () => {
  const row = { signal: 's', value: '1', threshold: '2', reading: 1 };
  const confidence = (base: number, evidence: Candidate['evidence']) =>
    follow(
      1,
      mode('a', () => ({ base, evidence })),
    )[0]?.[0]?.confidence;

  it('adds what supports, takes off what refutes and 0.1 for what is missing', () => {
    expect(
      confidence(0.5, [
        supports(weighing(0.3), row),
        refutes(weighing(0.1), row),
        missing('x', 'why', 'what'),
      ]),
    ).toBe(0.6);
  });
  it('stays within 0.05 and 0.99, whatever it is given', () => {
    expect(confidence(0.9, [supports(weighing(0.9), row)])).toBe(0.99);
    expect(confidence(0.1, [refutes(weighing(0.9), row)])).toBe(0.05);
    expect(confidence(Number.NaN, [])).toBe(0.05);
  });
  it('does not leak the weights into the finding', () => {
    const looks = follow(
      1,
      mode('a', () => ({ evidence: [supports(weighing(0.3), row)] })),
    );
    expect(looks[0]?.[0]?.evidence).toEqual([
      { ...row, unit: 'pieces', source: 'test', at: null, verdict: 'supports' },
    ]);
  });
});

describe('a rule that throws', () => {
  const good = mode('good', () => ({}));
  const broken = (from: number, until = Number.POSITIVE_INFINITY) =>
    mode('bad', (now) => {
      if (now >= from && now < until) throw new Error('no such figure');
      return {};
    });

  it('is told as a failing rule with its reason, and breaks no other', () => {
    const blind = mode('blind', () => undefined);
    const { findings, failed } = diagnose(at(3000), [broken(0), good, blind], NO_DIAGNOSIS);
    expect(findings.map((one) => one.id)).toEqual(['good']);
    expect(failed).toEqual([{ id: 'bad', reason: 'no such figure' }]);
  });

  it('goes on where it was once it can be asked again', () => {
    const looks = follow(8, broken(5000, 6000));
    expect(states(looks)).toEqual([
      'pending',
      'pending',
      'firing',
      'firing',
      '-',
      'firing',
      'firing',
      'firing',
    ]);
    expect(looks[6]?.[0]?.namedAt).toBe(3000);
  });

  it('is told when the figure that clears it cannot be computed', () => {
    const rival = mode('rival', () => undefined, {
      clears: () => {
        throw new Error('gone');
      },
    });
    const asks = mode('asks', () => ({}), { rivals: ['rival', 'unknown'] });
    const { findings, failed } = diagnose(at(1000), [asks, rival], NO_DIAGNOSIS);
    expect(findings[0]?.ruledOut).toEqual([]);
    expect(failed).toEqual([{ id: 'rival', reason: 'gone' }]);
  });
});

describe('several subjects of one mode', () => {
  const at2 = (id: string) => ({ subject: { kind: 'workload' as const, id } });

  it('each have a life of their own', () => {
    const looks = follow(
      9,
      mode('a', (now) => [...(now < 6000 ? [at2('one')] : []), ...(now >= 4000 ? [at2('two')] : [])]),
    );
    const told = looks.map((findings) => findings.map((one) => `${one.subject.id} ${one.state}`).sort());
    expect(told[2]).toEqual(['one firing']);
    expect(told[4]).toEqual(['one firing', 'two pending']);
    expect(told[6]).toEqual(['one resolving', 'two firing']);
    expect(told[8]).toEqual(['two firing']);
    expect(looks[4]?.map((one) => one.key).sort()).toEqual(['a@workload:one', 'a@workload:two']);
  });

  it('told twice in one look count once', () => {
    expect(
      follow(
        1,
        mode('a', () => [at2('one'), { ...at2('one'), title: 'again' }]),
      )[0],
    ).toHaveLength(1);
  });

  it('that is no candidate any more goes away, unless it persists', () => {
    const gone = (persists: boolean) =>
      states(
        follow(
          9,
          mode('a', (now) => (now < 4000 ? {} : undefined), { persists: () => persists }),
        ),
      );
    expect(gone(false)).toEqual([
      'pending',
      'pending',
      'firing',
      'resolving',
      'resolving',
      'resolving',
      '-',
      '-',
      '-',
    ]);
    expect(gone(true).slice(3)).toEqual(Array(6).fill('firing'));
  });
});

describe('what cannot be judged', () => {
  it('is told with the inputs that it lacks, those of which one would do together', () => {
    const wants = mode('wants', () => ({}), { inputs: ['sockets', ['dns', 'http']] });
    const { findings, blind } = diagnose(at(1000), [wants], NO_DIAGNOSIS);
    expect(findings).toEqual([]);
    expect(blind).toEqual([{ id: 'wants', missing: ['sockets', 'dns or http'] }]);
  });

  it('is not raised on fewer readings than it needs', () => {
    const few = mode('few', (now) => ({ samples: now / 1000 }), { forMs: 0, minSamples: 3 });
    expect(states(follow(4, few))).toEqual(['-', '-', 'firing', 'firing']);
  });
});

it('is pure: the same history, signatures and state give the same answer, and nothing given is changed', () => {
  const signatures = [mode('a', between(1, 9)), mode('b', between(1, 9), { explains: ['a'] })];
  const before = diagnose(at(1000), signatures, NO_DIAGNOSIS).state;
  const copy = JSON.parse(JSON.stringify(before));
  const once = diagnose(at(4000), signatures, before);
  expect(diagnose(at(4000), signatures, before)).toEqual(once);
  expect(before).toEqual(copy);
});
