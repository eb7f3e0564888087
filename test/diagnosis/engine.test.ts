import { describe, expect, it } from 'vitest';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import { missing, refutes, supports } from '../../source/diagnosis/evidence.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { Finding } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';

const at = (now: number): History => ({ now, latest: { http: {} }, window: () => [], signals: () => [] });

const ASSESSMENT: Assessment = {
  target: 'a → b',
  raise: true,
  clear: false,
  title: 'something',
  severity: 'critical',
  base: 0.5,
  evidence: [],
  ruledOut: [],
  fix: [],
  story: [],
  since: null,
};

/** A signature that answers what `say` tells it to at a time. */
const signature = (
  id: string,
  say: (now: number) => Partial<Assessment> | undefined,
  over: Partial<Signature> = {},
): Signature => ({
  id,
  forMs: 2000,
  keepMs: 3000,
  explains: [],
  assess: ({ now }) => {
    const said = say(now);
    return said && { ...ASSESSMENT, ...said };
  },
  ...over,
});

/** The findings at each second. */
function follow(seconds: number, ...signatures: Signature[]): Finding[][] {
  let state = NO_DIAGNOSIS;
  return Array.from({ length: seconds }, (_, i) => {
    const result = diagnose(at((i + 1) * 1000), signatures, state);
    // The state must survive being stored and read again.
    state = JSON.parse(JSON.stringify(result.state));
    return [...result.findings];
  });
}

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

describe('one cause on top', () => {
  const always = (id: string, explains: string[] = [], over: Partial<Assessment> = {}, forMs = 0) =>
    signature(id, () => over, { explains, forMs });
  const shape = (findings: readonly Finding[] | undefined) =>
    findings?.map((one) => `${one.id}${one.explainedBy ? `<${one.explainedBy}` : ''}`);

  it('folds what a cause explains below it, whatever its confidence', () => {
    const looks = follow(
      1,
      always('symptom', [], { base: 0.99 }),
      always('cause', ['symptom'], { base: 0.6 }),
    );
    expect(shape(looks[0])).toEqual(['cause', 'symptom<cause']);
  });

  it('gives a chain the root as its cause, so that nothing is hidden below something hidden', () => {
    const looks = follow(1, always('c'), always('b', ['c']), always('a', ['b']));
    expect(shape(looks[0])).toEqual(['a', 'b<a', 'c<a']);
  });

  it('loses no finding in a circle: the most confident one stays the cause', () => {
    const circle = [
      always('x', ['y'], { base: 0.5 }),
      always('y', ['z'], { base: 0.9 }),
      always('z', ['x'], { base: 0.7 }),
      always('self', ['self'], { base: 0.2 }),
    ];
    const looks = follow(1, ...circle);
    expect(looks[0]?.map((one) => one.id).sort()).toEqual(['self', 'x', 'y', 'z']);
    expect(looks[0]?.[0]).toMatchObject({ id: 'y', explainedBy: null });
    expect(looks[0]?.find((one) => one.id === 'self')?.explainedBy).toBeNull();
  });

  it('does not name a symptom while its cause is about to be named', () => {
    const looks = follow(6, always('symptom', [], {}, 2000), always('cause', ['symptom'], {}, 4000));
    expect(looks[3]?.map((one) => one.state)).toEqual(['pending', 'pending']);
    expect(looks[4]?.map((one) => `${one.id} ${one.state}`)).toEqual(['cause firing', 'symptom firing']);
  });

  it('does not fold a named finding below one that is only suspected', () => {
    const late = signature('cause', (now) => ({ raise: now > 3000 }), {
      explains: ['symptom'],
      forMs: 60_000,
    });
    const looks = follow(5, always('symptom'), late);
    expect(shape(looks[4])).toEqual(['symptom', 'cause']);
  });

  it('puts named above suspected, critical above notice, confident above doubtful, and then keeps its order', () => {
    const looks = follow(
      2,
      always('suspected', [], { base: 0.99 }, 9000),
      always('notice', [], { base: 0.99, severity: 'notice' }),
      always('doubtful', [], { base: 0.3 }),
      always('sure', [], { base: 0.9 }),
    );
    expect(shape(looks[1])).toEqual(['sure', 'doubtful', 'notice', 'suspected']);
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
