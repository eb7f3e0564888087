import { describe, expect, it } from 'vitest';
import { placeOf, readsOf, titleOf, usualOverdueMs } from '../../source/probes/place.js';
import type { ProbeOutcome } from '../../source/probes/probe.js';
import { sources } from '../../source/probes/registry.js';
import type { Family, Registry, SeriesContext, SeriesPoint, Source } from '../../source/probes/source.js';
import type { Latest } from '../../source/store/history.js';
import { Intake } from '../../source/store/intake/intake.js';

/** What the folder of a source brings. */
interface TideSample {
  readonly metres: number;
  readonly waves: number;
}

function* tideSeries(
  { metres, waves }: TideSample,
  { perSecond, family }: SeriesContext<TideSample>,
): Iterable<SeriesPoint> {
  yield ['tide.metres', metres];
  yield ['tide.waves', perSecond('tide.waves', waves)];
  yield ['tide.family', family.length];
}

const tide: Source<TideSample> = {
  title: 'The tide',
  reads: 'a stick in the sand',
  overdueMs: 4_000,
  series: tideSeries,
  *windows(values): Iterable<SeriesPoint> {
    const metres = values('tide.metres', 2_000);
    if (metres) yield ['tide.highest', Math.max(...metres)];
  },
  whenFailed: [['tide.metres', Number.NaN]],
};
const tides: Family<TideSample> = {
  title: 'The tide at each beach',
  reads: tide.reads,
  overdueMs: 4_000,
  series: tideSeries,
  kind: 'beach',
  titleOf: (name) => `The tide at ${name}`,
  forgottenMs: 10_000,
};

/** What an entry in the registry is. */
const registry: Registry = { ...sources, tide, tides };

const read = (id: string, at: number, metres: number, waves = 0): ProbeOutcome => ({
  ...{ ok: true, id, at, tookMs: 1 },
  sample: { metres, waves } satisfies TideSample,
});

const latestOf = (intake: Intake, now: number) =>
  intake.tick(now).latest as unknown as Record<
    string,
    Latest<TideSample> & Record<string, Latest<TideSample>>
  >;
const valuesOf = (intake: Intake, signal: string) =>
  intake.series
    .get(signal)
    ?.since(0)
    .map(({ value }) => value);

describe('a source that is a folder and an entry of the registry', () => {
  it('is taken in, has its series and its windows, and becomes stale', () => {
    const intake = new Intake(undefined, undefined, registry);
    intake.take(read('tide', 1_000, 2, 10));
    intake.take(read('tide', 3_000, 1, 30));
    expect(latestOf(intake, 3_000).tide).toEqual({
      at: 3_000,
      sample: { metres: 1, waves: 30 },
      stale: false,
    });
    expect(valuesOf(intake, 'tide.metres')).toEqual([2, 1]);
    expect(valuesOf(intake, 'tide.waves')).toEqual([Number.NaN, 10]);
    expect(valuesOf(intake, 'tide.highest')).toEqual([2]);
    expect(latestOf(intake, 7_000).tide?.stale).toBe(false);
    expect(latestOf(intake, 7_001).tide?.stale).toBe(true);
  });

  it('says in its series that a run failed, and keeps what it had', () => {
    const intake = new Intake(undefined, undefined, registry);
    intake.take(read('tide', 1_000, 2));
    intake.take({ ok: false, id: 'tide', at: 2_000, tookMs: 1, kind: 'failed', reason: 'fog' });
    expect(valuesOf(intake, 'tide.metres')).toEqual([2, Number.NaN]);
    expect(latestOf(intake, 2_000).tide).toMatchObject({ at: 1_000, stale: true });
  });

  it('has several probes where it is a family, each kept by its name, and lets go of those that went', () => {
    const intake = new Intake(undefined, undefined, registry);
    intake.take(read('beach:north', 1_000, 2));
    intake.take(read('beach:south', 2_000, 3));
    expect(Object.keys(latestOf(intake, 2_000).tides ?? {})).toEqual(['north', 'south']);
    expect(valuesOf(intake, 'tide.family')).toEqual([1, 2]);
    intake.take({ ok: false, id: 'beach:north', at: 3_000, tookMs: 1, kind: 'failed', reason: 'fog' });
    expect(latestOf(intake, 11_001).tides).toMatchObject({ south: { stale: true } });
    expect(Object.keys(latestOf(intake, 11_001).tides ?? {})).toEqual(['south']);
  });

  it('is titled, and says what it reads', () => {
    expect(titleOf('tide', registry)).toBe('The tide');
    expect(titleOf('beach:north', registry)).toBe('The tide at north');
    expect(readsOf('beach:north', registry)).toBe('a stick in the sand');
    expect(usualOverdueMs('beach:north', registry)).toBe(4_000);
  });

  it('is nobody where the registry does not know it', () => {
    const intake = new Intake();
    intake.take(read('tide', 1_000, 2));
    intake.take(read('constructor', 1_000, 2));
    expect(intake.tick(1_000).latest).toEqual({ http: {} });
    expect(intake.series.names()).toEqual([]);
    expect(titleOf('tide')).toBe('tide');
  });
});

describe('the registry', () => {
  it('finds the source of each probe id, families by their kind', () => {
    for (const [field, source] of Object.entries(sources)) {
      const id = 'kind' in source ? `${source.kind}:a:b` : field;
      expect(placeOf(id)).toEqual({ field, source, ...('kind' in source ? { name: 'a:b' } : {}) });
    }
    expect(placeOf('dns')?.field).toBe('dns');
    expect(placeOf('dns:api')?.field).toBe('lookups');
    expect(placeOf('http')).toBeUndefined();
    expect(placeOf('sockets:api')).toBeUndefined();
  });
});
