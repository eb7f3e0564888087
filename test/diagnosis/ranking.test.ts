import { describe, expect, it } from 'vitest';
import type { Candidate, Mode } from '../../source/diagnosis/mode.js';
import type { Finding } from '../../source/store/finding.js';
import { follow, mode } from './told.js';

/** The mode of a key. */
const idOf = (key: string | null | undefined) => key?.split('@')[0] ?? null;

describe('one cause on top', () => {
  const always = (id: string, explains: string[] = [], over: Partial<Candidate> = {}, forMs = 0) =>
    mode(id, () => over, { explains, forMs });
  const shape = (findings: readonly Finding[] | undefined) =>
    findings?.map((one) => `${one.id}${one.explainedBy ? `<${idOf(one.explainedBy)}` : ''}`);

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
    const late = mode('cause', (now) => ({ raise: now > 3000 }), {
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

describe('a cause explains only what it reaches', () => {
  const at = (
    id: string,
    extent: Pick<Candidate, 'radius' | 'seenAt' | 'inherent'>,
    explains: string[] = [],
    over: Partial<Candidate> = {},
  ) => mode(id, () => ({ ...over, ...extent, subject: { kind: 'workload', id } }), { explains, forMs: 0 });
  const folded = (...modes: Mode[]) =>
    Object.fromEntries((follow(1, ...modes)[0] ?? []).map((one) => [one.id, idOf(one.explainedBy)]));
  const symptom = at('symptom', { seenAt: ['a'] });

  it('folds a symptom at a place that it reaches', () => {
    for (const radius of [['a'], ['a', 'b']])
      expect(folded(symptom, at('cause', { radius }, ['symptom']))).toMatchObject({ symptom: 'cause' });
  });

  it('explains nothing but its own subject when it does not say how far it reaches', () => {
    expect(folded(symptom, at('cause', {}, ['symptom']))).toMatchObject({ symptom: null });
    const here = { subject: { kind: 'workload' as const, id: 'db' } };
    const own = follow(
      1,
      mode('symptom', () => here, { forMs: 0 }),
      mode('cause', () => here, { forMs: 0, explains: ['symptom'] }),
    )[0];
    expect(own?.find((one) => one.id === 'symptom')?.explainedBy).toBe('cause@workload:db');
  });

  it('is known to the symptom where the cause does not know the symptom', () => {
    const follows = mode('symptom', () => ({ seenAt: ['a'] }), { forMs: 0, followsFrom: ['cause'] });
    expect(folded(follows, at('cause', { radius: ['a'] }))).toMatchObject({ symptom: 'cause' });
  });

  it('leaves a symptom elsewhere a cause of its own', () => {
    expect(folded(symptom, at('cause', { radius: ['b'] }, ['symptom']))).toMatchObject({ symptom: null });
    expect(folded(symptom, at('cause', { radius: [] }, ['symptom']))).toMatchObject({ symptom: null });
  });

  it('leaves a symptom whose own cause is seen', () => {
    const frozen = at('symptom', { seenAt: ['a'], inherent: true });
    expect(folded(frozen, at('cause', { radius: ['a'] }, ['symptom']))).toMatchObject({ symptom: null });
  });

  it('folds a symptom of several places only when its causes reach them all together', () => {
    const wide = at('symptom', { seenAt: ['a', 'b'] });
    const one = at('one', { radius: ['a'] }, ['symptom'], { base: 0.9 });
    const two = at('two', { radius: ['b'] }, ['symptom'], { base: 0.5 });
    expect(folded(wide, one)).toMatchObject({ symptom: null });
    expect(folded(wide, one, two)).toMatchObject({ symptom: 'one', one: null, two: null });
  });

  it('remembers where it was while it goes away', () => {
    const gone = mode(
      'cause',
      (now) => ({
        raise: now < 3000,
        clear: now >= 3000,
        radius: now < 3000 ? ['a'] : [],
      }),
      { explains: ['symptom'], forMs: 0 },
    );
    const looks = follow(4, symptom, gone);
    expect(looks[3]?.map((one) => `${one.id} ${one.state} ${idOf(one.explainedBy)}`)).toEqual([
      'cause resolving null',
      'symptom firing cause',
    ]);
  });
});

it('rules out nothing that is itself named as a cause', () => {
  const rival = (id: string) => ({ id, title: id, because: 'a figure' });
  const says = { ruledOut: [rival('b'), rival('c')] };
  const looks = follow(
    1,
    mode('a', () => says, { forMs: 0 }),
    mode('b', () => ({}), { forMs: 0 }),
    mode('c', () => ({}), { forMs: 9000 }),
  );
  expect(looks[0]?.find((one) => one.id === 'a')?.ruledOut.map((one) => one.id)).toEqual(['c']);
});

it('does not name a symptom again before its cause is named', () => {
  const back = (now: number) => ({ raise: now < 3000 || now > 4000, clear: now === 3000 || now === 4000 });
  const looks = follow(
    9,
    mode('symptom', back, { forMs: 0, keepMs: 9000 }),
    mode('cause', (now) => ({ raise: now > 4000 }), { explains: ['symptom'], forMs: 2000 }),
  );
  expect(looks.map((one) => one.find(({ id }) => id === 'symptom')?.state)).toEqual([
    'firing',
    'firing',
    'resolving',
    'resolving',
    'resolving',
    'resolving',
    'firing',
    'firing',
    'firing',
  ]);
});
