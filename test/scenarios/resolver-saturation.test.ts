import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { modeOf } from '../../source/store/finding.js';
import { type Look, top, type World, watch } from '../helpers/history.js';
import {
  dns,
  everyTarget,
  HANG,
  kernel,
  POSTGRES_GONE,
  postgres,
  services,
  sockets,
} from '../helpers/samples.js';
import { ONSET, RUNS } from '../helpers/worlds.js';

const see = (seconds: number, world: (t: number) => World) => watch(seconds, world, allModes());
const named = (looks: readonly Look[]) =>
  looks.filter((look) =>
    look.findings.some((one) => one.id === 'resolver-saturation' && one.state === 'firing'),
  );

/** The run of the spike with some answers changed. */
const spike = (change: (s: number, world: World) => World) => (t: number) =>
  change(t - ONSET, RUNS['traffic-spike'](t) as World);

describe('a saturated resolver', () => {
  it('says that it will not heal only when the load has outlived its arrivals', () => {
    const outlived = named(see(60, RUNS['traffic-spike'])).at(-1)?.findings[0];
    expect(outlived?.title).toContain('will not heal by itself');
    const busy = spike((s, world) =>
      s > 0 ? { ...world, kernel: kernel({ 'Tcp.PassiveOpens': 120 * (s + ONSET) }) } : world,
    );
    const loaded = named(see(60, busy)).at(-1)?.findings[0];
    expect(loaded?.title).not.toContain('will not heal');
    expect(loaded?.confidence).toBeLessThan(outlived?.confidence ?? 0);
  });

  it('keeps its title and its place while figures move', () => {
    const looks = named(see(120, RUNS['traffic-spike']));
    expect(new Set(looks.map((look) => look.findings[0]?.title)).size).toBe(1);
    expect(new Set(looks.map((look) => look.findings[0]?.since)).size).toBe(1);
  });

  it('is named without a single late answer when lookups slowed down first', () => {
    const slowFirst = spike((s, world) => {
      if (s === 2) return { ...world, dns: dns({ ms: 1700 }) };
      return s > 0 && 'dns' in world ? { ...world, dns: dns({ outcome: 'timeout', ms: 2000 }) } : world;
    });
    const first = named(see(40, slowFirst))[0];
    expect((first?.t ?? 999) - ONSET).toBeLessThanOrEqual(15);
  });

  it('is not named for a burst that heals by itself', () => {
    const heals = spike((s, world) => {
      if (s <= 0) return world;
      const lookups = s === 3 ? { dns: dns({ ms: 1300 }) } : s % 2 ? {} : { dns: dns() };
      const answers = s % 2 ? {} : { ...everyTarget(), postgres: postgres() };
      return { ...lookups, ...answers, services: services(), sockets: sockets({ askers: s < 5 ? 40 : 0 }) };
    });
    expect(named(see(60, heals))).toEqual([]);
  });

  it('is not named for one lost datagram while everything answers', () => {
    const lost = (t: number) =>
      t === ONSET
        ? { ...RUNS.healthy(t), dns: dns({ outcome: 'timeout', ms: 2000, late: [2100] }) }
        : RUNS.healthy(t);
    expect(see(60, lost).flatMap((look) => look.findings.filter((one) => one.state === 'firing'))).toEqual(
      [],
    );
  });

  it('clears after a restart, and does not call the restart an outage', () => {
    const restarted = (t: number): World => {
      const s = t - ONSET - 20;
      if (s <= 0) return RUNS['traffic-spike'](t);
      const lookups = s < 6 ? { dns: dns({ outcome: 'timeout', ms: 2000, late: [5100] }) } : { dns: dns() };
      const answers = s < 6 ? (s % 5 ? {} : everyTarget(HANG)) : everyTarget();
      return s % 2 && s >= 6
        ? {}
        : { ...lookups, ...answers, postgres: postgres(), services: services(), sockets: sockets() };
    };
    const looks = see(80, restarted);
    expect(looks.at(-1)?.findings).toEqual([]);
    const others = looks.flatMap((look) =>
      look.findings.filter((one) => one.state === 'firing' && one.explainedBy === null),
    );
    expect(new Set(others.map((one) => one.id))).toEqual(new Set(['resolver-saturation']));
  });

  it('holds the database against itself when that is sick too', () => {
    const both = spike((s, world) => (s > 0 ? { ...world, postgres: POSTGRES_GONE } : world));
    const finding = see(60, both)
      .at(-1)
      ?.findings.find((one) => one.id === 'resolver-saturation');
    expect(finding?.evidence.find((one) => one.signal === 'postgres.selectOne')?.verdict).toBe('refutes');
    expect(finding?.ruledOut.map((one) => one.id)).not.toContain('database-down');
  });

  it('needs nothing that the resolver says of itself', () => {
    const boasting = spike((_, world) => ({ ...world, lab: { resolver: null, app: null, visitors: null } }));
    const plain = named(see(60, RUNS['traffic-spike']))[0];
    expect(named(see(60, boasting))[0]).toEqual(plain);
  });

  it('is top only of what it explains', () => {
    for (const look of see(60, RUNS['traffic-spike']))
      if (top(look))
        for (const one of look.findings.slice(1))
          expect(modeOf(one.explainedBy ?? '')).toBe('resolver-saturation');
  });
});

describe('a resolver that turns lookups away', () => {
  /** What is said of it at the end of 40 s; from the 10th on our own lookups are refused like this. */
  const said = (sick: (t: number) => World, seconds = 40) =>
    (
      see(seconds, (t) =>
        t % 2 === 0 ? { dns: dns(), ...everyTarget(), sockets: sockets(), ...(t > 10 ? sick(t) : {}) } : {},
      ).at(-1)?.findings ?? []
    )
      .filter((one) => one.state === 'firing' && one.explainedBy === null)
      .map(({ id }) => id);
  const refused = dns({ outcome: 'REFUSED', ms: 3 });
  const fails = dns({ outcome: 'SERVFAIL', ms: 3 });

  it.each<[string, (t: number) => World, string]>([
    ['always and everybody is at fault', () => ({ dns: refused }), 'dns-failure'],
    [
      'while lookups wait for it is full',
      () => ({ dns: refused, sockets: sockets({ askers: 170 }) }),
      'resolver-saturation',
    ],
    [
      'and then answers others late is full',
      (t) => ({
        dns: t === 14 ? dns({ ms: 1_800 }) : dns({ outcome: 'REFUSED', ms: 3, late: t > 30 ? [8_100] : [] }),
      }),
      'resolver-saturation',
    ],
    ['now and then is full', (t) => ({ dns: t % 8 === 0 ? dns() : refused }), 'resolver-saturation'],
    [
      'by SERVFAIL, and gives nothing to anybody, is at fault',
      () => ({ dns: fails, sockets: sockets({ askers: 170 }) }),
      'dns-failure',
    ],
    [
      'by SERVFAIL, and gives others their names late, is full',
      () => ({ dns: dns({ outcome: 'SERVFAIL', ms: 3, late: [4_000] }) }),
      'resolver-saturation',
    ],
  ])('%s', (_, sick, expected) => {
    expect(said(sick, 39)).toEqual([expected]);
  });

  it('is not called at fault any more once lookups are seen to wait', () => {
    const later = (t: number) => ({ dns: refused, ...(t > 20 ? { sockets: sockets({ askers: 60 }) } : {}) });
    expect(said(later)).toEqual(['resolver-saturation']);
  });
});

describe('a resolver that others wait for, while we are answered quickly', () => {
  /** How long packets show that others waited, in each run. */
  const said = (...others: readonly number[]) =>
    (
      see(30, (t) => {
        const [name] = dns().names;
        return t % 2 === 0
          ? { dns: { ...dns(), names: [{ ...name, othersMs: others }] }, ...everyTarget() }
          : {};
      }).at(-1)?.findings ?? []
    )
      .filter((one) => one.state === 'firing')
      .map(({ id, severity, title }) => `${id} ${severity}: ${title}`);

  it('is named, with how long they wait', () => {
    expect(said(2_480, 1_900, 40)).toEqual([
      'resolver-saturation warning: Resolver 127.0.0.1:5353 answers late: lookups of this host take up to 2.5 s',
    ]);
  });

  it('is not named where it is slow now and then, or they are answered quickly', () => {
    expect(said(2_480, 3, 2, 4, 5, 2, 3, 1)).toEqual([]);
    expect(said(300, 240)).toEqual([]);
    expect(said()).toEqual([]);
  });
});
