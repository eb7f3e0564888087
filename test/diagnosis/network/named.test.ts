import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import type { MatrixCell } from '../../../source/probes/samples.js';
import { event } from '../../helpers/container-world.js';
import { type Look, top, watch } from '../../helpers/history.js';
import { cell, matrix } from '../../helpers/inside.js';
import {
  ADDRESS,
  alike,
  networkRun,
  networkServices,
  ONSET,
  type Sick,
} from '../../helpers/network-world.js';
import { dns, ERROR_500, everyTarget, HANG, logs } from '../../helpers/samples.js';

const SECONDS = 50;
const follow = (sick: (s: number) => Sick, ladderEvery?: number): readonly Look[] =>
  watch(SECONDS, networkRun(sick, ladderEvery), allModes());
/** What was named, in the order it was named, without what something else explains. */
const causes = (looks: readonly Look[]): string[] => [
  ...new Set(
    looks.flatMap(({ findings }) =>
      findings.flatMap((one) => (one.state === 'firing' && one.explainedBy === null ? [one.id] : [])),
    ),
  ),
];
/** Seconds after the onset at which something was first on top. */
const after = (looks: readonly Look[]): number => (looks.find((look) => top(look))?.t ?? Number.NaN) - ONSET;
const last = (looks: readonly Look[]) => top(looks.at(-1));
/** The titles of one mode's findings at the end, in order. */
const titles = (looks: readonly Look[], id: string): string[] =>
  (looks.at(-1)?.findings ?? [])
    .filter((one) => one.id === id)
    .map(({ title }) => title)
    .sort();

const TIMEOUT: Partial<MatrixCell> = { outcome: 'timeout', errno: 'ETIMEDOUT', ms: 1500 };
const touching = (name: string, way: Partial<MatrixCell>) => (source: string, target: string) =>
  source === name || target === name ? way : undefined;
const hangs = (s: number): Sick['world'] => (s >= 5 && s % 6 === 5 ? everyTarget(HANG) : undefined);
const slow = (ms: number) =>
  Object.fromEntries(Object.entries(everyTarget()).map(([id, sample]) => [id, { ...sample, totalMs: ms }]));

it('finds nothing while nothing is wrong', () => {
  expect(causes(follow(() => ({})))).toEqual([]);
});

describe('a delay', () => {
  const delayed = follow((s) => ({
    way: touching('store', { ms: 201 }),
    ...(s % 2 === 0 ? { world: slow(1500) } : {}),
  }));

  it('is named, with the container and what it adds, and nothing else is', () => {
    expect(causes(delayed)).toEqual(['latency']);
    expect(after(delayed)).toBeLessThanOrEqual(10);
    expect(last(delayed)?.title).toBe('Delay on connections to store: 201 ms (usually 0.3 ms)');
    expect(last(delayed)?.target).toBe('shop ↔ store');
    expect(last(delayed)?.ruledOut.map(({ id }) => id)).toContain('packet-loss');
  });

  it('goes away with the delay', () => {
    const over = follow((s) => (s < 12 ? { way: touching('store', { ms: 201 }) } : {}));
    expect(last(over)).toBeUndefined();
  });

  it('elsewhere than at a container that was just restarted is a cause of its own', () => {
    const restart = ['kill', 'die', 'stop', 'start'].map((action, i) =>
      event(ONSET - 4 + i, 'shop-1', action, { kill: 'signal 15', die: 'exit code 0' }[action] ?? ''),
    );
    const looks = follow(() => ({
      way: touching('store', { ms: 201 }),
      world: { events: { events: restart, lost: 0 }, ...everyTarget(ERROR_500, 500) },
    }));
    expect(causes(looks)).toContain('service-restarted');
    expect(looks.slice(ONSET + 10).map((look) => top(look)?.id)).not.toContain('service-restarted');
    expect(top(looks[ONSET + 10])?.id).toBe('latency');
  });

  it('is not seen in one way that is slow once', () => {
    const once = follow((s) => ({
      way: (source, target) => (s === 5 && source === 'front' && target === 'store' ? { ms: 80 } : undefined),
    }));
    expect(causes(once)).toEqual([]);
  });

  it('is not seen when everything here is slow at once: that is our own pause', () => {
    expect(causes(follow((s) => ({ way: () => (s === 5 ? { ms: 60 } : undefined) })))).toEqual([]);
  });

  it('is told on a host that was never seen well', () => {
    const looks = watch(
      20,
      (t) => networkRun(() => ({ way: touching('store', { ms: 201 }) }))(t + ONSET),
      allModes(),
    );
    expect(causes(looks)).toEqual(['latency']);
  });
});

describe('lost packets', () => {
  const resent = (name: string) => (name === 'front' ? 0 : name === 'store' ? 6 : 14);
  const lossy = follow((s) => ({
    resent,
    way: (source, target) =>
      target === 'store' && (s + source.length) % 3 === 0
        ? { ms: 1012 }
        : target === 'store' && s === 15 && source === 'shop-1'
          ? TIMEOUT
          : undefined,
    ...(s % 2 === 0 ? { world: slow(s % 4 === 0 ? 1300 : 48) } : {}),
  }));

  it('are named, with the container on whose ways they get lost, and nothing else is', () => {
    expect(causes(lossy)).toEqual(['packet-loss']);
    expect(after(lossy)).toBeLessThanOrEqual(12);
    expect(last(lossy)?.title).toMatch(/^Packet loss at store: 14 % retransmitted/);
    expect(last(lossy)?.ruledOut.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['latency', 'partition']),
    );
  });

  it('of a replica are told from those of the store', () => {
    const replica = follow((s) => ({
      resent: (name) => (name === 'shop-2' ? 0 : 9),
      way: (source, target) =>
        (source === 'shop-1' || target === 'shop-1') && s % 2 === 0 ? { ms: 1009 } : undefined,
    }));
    expect(last(replica)?.title).toMatch(/^Packet loss at shop-1: /);
  });

  it('are not seen in one stall, nor in what a machine without CPU to spare sends again', () => {
    expect(causes(follow((s) => ({ resent: (name) => (name === 'shop-1' && s === 3 ? 20 : 0) })))).toEqual(
      [],
    );
    expect(causes(follow(() => ({ resent: () => 2 })))).toEqual([]);
  });

  it('of one in fifty are seen by the connections that take a second', () => {
    const few = follow((s) => ({
      resent: (name) => (name === 'front' ? 0 : 2),
      way: (source, target) =>
        target === 'store' && source === `shop-${s % 20 === 0 ? 1 : 2}` && s % 10 === 0
          ? { ms: 1008 }
          : undefined,
    }));
    expect(causes(few)).toEqual(['packet-loss']);
  });
});

describe('a partition', () => {
  const cut = (source: string, target: string): Partial<MatrixCell> | undefined =>
    [source, target].includes('store') && [source, target].some((name) => name.startsWith('shop'))
      ? TIMEOUT
      : undefined;

  it('is named, with both sides, and nothing else is', () => {
    const looks = follow((s) => ({ way: cut, world: hangs(s) }));
    expect(causes(looks)).toEqual(['partition']);
    expect(last(looks)?.title).toBe('Partition: shop cannot reach store, packets between them are dropped');
    expect(last(looks)?.explanation.join('\n')).toMatch(
      /nothing arrives\nat the same time front connects with store/,
    );
    expect(last(looks)?.ruledOut.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'service-stopped',
        'service-hung',
        'database-down',
        'dns-failure',
        'packet-loss',
      ]),
    );
  });

  it('one way is told from both ways by who holds half-open connections', () => {
    const looks = follow((s) => ({
      way: cut,
      synRecv: (name) => (name === 'store' ? [{ peer: ADDRESS['shop-1'] ?? '', count: 3 }] : []),
      world: hangs(s),
    }));
    expect(last(looks)?.title).toBe('One-way partition: shop→store works, store→shop dropped');
  });

  it('one way is told the other way round where the sources hold them', () => {
    const looks = follow((s) => ({
      way: cut,
      synRecv: (name) => (name === 'shop-1' ? [{ peer: ADDRESS.store ?? '', count: 2 }] : []),
      world: hangs(s),
    }));
    expect(last(looks)?.title).toBe('One-way partition: store→shop works, shop→store dropped');
  });

  it('that follows on another one is named as quickly', () => {
    const late = (source: string, target: string) => cut(source, target) && { ms: 1010 };
    const looks = follow((s) => {
      if (s === 15) return { way: late };
      return s < 15 || s > 24 ? { way: cut, world: hangs(s) } : {};
    });
    expect(looks[ONSET + 23]?.findings).toEqual([]);
    const again = looks.find((look) => look.t > ONSET + 24 && top(look)?.id === 'partition');
    expect((again?.t ?? Number.NaN) - ONSET).toBeLessThanOrEqual(34);
  });

  it('of one replica alone names that one', () => {
    const looks = follow(() => ({
      way: (source, target) => (source === 'shop-2' && target === 'store' ? TIMEOUT : undefined),
    }));
    expect(last(looks)?.target).toBe('shop-2 → store');
  });

  it('is not a container that has ended, is paused, or refuses', () => {
    const away = { store: { state: 'exited', processState: null } } as const;
    const frozen = { store: { state: 'paused' } } as const;
    for (const over of [away, frozen]) {
      const looks = follow(() => ({
        way: touching('store', TIMEOUT),
        world: { services: networkServices(over) },
      }));
      expect(causes(looks)).not.toContain('partition');
    }
    const refused = follow(() => ({
      way: touching('store', { outcome: 'refused', errno: 'ECONNREFUSED', ms: 0.2 }),
    }));
    expect(causes(refused)).not.toContain('partition');
  });

  it('is not an address that a container left behind, of which its engine knows no more', () => {
    const asked = '172.20.0.20:5432';
    const ask = (services: ReturnType<typeof networkServices>, events: readonly ReturnType<typeof event>[]) =>
      follow(() => ({
        world: {
          services,
          events: { events, lost: 0 },
          matrix: matrix([cell('shop-1', asked, { ...TIMEOUT, because: 'told' })], '172.20.0.20'),
        },
      }));
    const forgotten = { container: { networks: [{ name: 'shop', address: null }] } };
    const ended = networkServices({ store: { ...forgotten, state: 'exited', processState: null } });
    expect(causes(ask(ended, []))).not.toContain('partition');
    const { services, ...rest } = networkServices();
    const without = { ...rest, services: services.filter(({ name }) => name !== 'store') };
    const left = event(ONSET - 9, 'store', 'disconnect', 'network shop');
    expect(causes(ask(without, [left]))).not.toContain('partition');
    // Nobody is known to have left: who has that address is unknown, and nothing gets through to it.
    expect(causes(ask(without, []))).toContain('partition');
    expect(causes(ask(without, [{ ...left, network: 'other' }]))).toContain('partition');
  });

  it('by taking a container off its network is told by the event, and not told of one that ended', () => {
    const off = { store: { container: { networks: [] } } };
    const run = (events: readonly ReturnType<typeof event>[]) =>
      follow(() => ({ world: { services: networkServices(off), events: { events, lost: 0 } } }));
    const unplugged = event(ONSET + 1, 'store', 'disconnect', 'network shop');
    expect(last(run([unplugged]))?.title).toBe('store disconnected from network shop');
    expect(causes(run([event(ONSET + 1, 'store', 'die', ''), unplugged]))).not.toContain('partition');
  });
});

describe('failing DNS inside containers', () => {
  const errors = (s: number): Sick['world'] => (s % 2 === 0 ? everyTarget(ERROR_500, 500) : undefined);

  it.each([
    ['NXDOMAIN', 'every name is said not to exist (NXDOMAIN)'],
    ['SERVFAIL', 'every lookup is answered with SERVFAIL'],
  ] as const)('%s to every name is named, and nothing else is', (outcome, text) => {
    const looks = follow((s) => ({ lookup: () => alike({ outcome, ms: 1 }), world: errors(s) }));
    expect(causes(looks)).toEqual(['dns-failure']);
    expect(titles(looks, 'dns-failure')).toEqual([
      `DNS fails in shop-1: ${text}, others are answered`,
      `DNS fails in shop-2: ${text}, others are answered`,
    ]);
    expect(last(looks)?.ruledOut.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'resolver-dead',
        'name-missing',
        'resolver-saturation',
        'partition',
        'database-down',
      ]),
    );
  });

  it('silence is named, and nothing else is', () => {
    const looks = follow((s) => ({ lookup: () => alike({ outcome: 'timeout', ms: 2000 }), world: hangs(s) }));
    expect(causes(looks)).toEqual(['dns-failure']);
    expect(last(looks)?.title).toMatch(/no lookup is answered/);
    expect(last(looks)?.explanation.join(' ')).toMatch(/EAI_AGAIN\) after 10\.0 s/);
  });

  it('a resolver whose port is out of reach is a matter of DNS, not a partition', () => {
    const looks = follow((s) => ({
      lookup: () => alike({ outcome: 'timeout', ms: 2000 }),
      way: (_, target) => (target === 'names' ? TIMEOUT : undefined),
      world: hangs(s),
    }));
    expect(causes(looks)).toEqual(['dns-failure']);
  });

  it('what applications log tells it before their lookups are watched again', () => {
    const line =
      'could not translate host name "postgres.lab.internal" to address: Name or service not known';
    const [match] = logs('name-resolution-missing', line).matches;
    const at = (s: number) => 1_700_000_000_000 + (s + ONSET) * 1000;
    const looks = follow(
      (s) => ({
        world: {
          ...errors(s),
          logs: { matches: match ? [{ ...match, service: 'shop-1', lastAt: at(s) }] : [] },
        },
        lookup: () => alike({ outcome: 'NXDOMAIN', ms: 1 }),
      }),
      15,
    );
    expect(causes(looks)).toEqual(['dns-failure']);
    expect(after(looks)).toBeLessThanOrEqual(6);
  });

  it('one line of the moment in which the database was started again names the restart, and nothing beside it', () => {
    const line =
      'could not translate host name "postgres.lab.internal" to address: Name or service not known';
    const [match] = logs('name-resolution-missing', line).matches;
    const begun = 1_700_000_000_000 + ONSET * 1000;
    const restart = ['kill', 'die', 'stop', 'start'].map((action, i) =>
      event(ONSET + i / 2, 'store', action, { kill: 'signal 15', die: 'exit code 0' }[action] ?? ''),
    );
    const looks = follow(
      (s) => ({
        world: {
          events: { events: s >= 2 ? restart : [], lost: 0 },
          logs: {
            matches: match && s < 10 ? [{ ...match, service: 'shop-1', lastAt: begun + 700 }] : [],
          },
        },
      }),
      15,
    );
    expect(causes(looks)).toEqual(['service-restarted']);
  });

  it('silence is told from a server failure by a port that is out of reach, before lookups are watched again', () => {
    const line = 'could not translate host name "postgres.lab.internal" to address: Temporary failure';
    const [match] = logs('name-resolution-temporary', line).matches;
    const looks = follow(
      (s) => ({
        lookup: () => alike({ outcome: 'timeout', ms: 2000 }),
        way: (source, target) => (source === 'shop-1' && target === 'names' ? TIMEOUT : undefined),
        world: {
          ...hangs(s),
          logs: {
            matches: match
              ? [{ ...match, service: 'shop-1', lastAt: 1_700_000_000_000 + (s + ONSET) * 1000 }]
              : [],
          },
        },
      }),
      60,
    );
    expect(causes(looks)).toEqual(['dns-failure']);
    expect(last(looks)?.title).toBe('DNS fails in shop-1: no lookup is answered, others are answered');
  });

  it('one name that nobody is given is a missing name, and a resolver that serves nobody is dead', () => {
    const nobody = { outcome: 'NXDOMAIN', ms: 20 } as const;
    const names = (given: typeof nobody) => [
      ...(alike({ ms: 20 }).names ?? []).slice(1),
      ...(alike(given).names ?? []).slice(0, 1),
    ];
    const gone = follow((s) => ({
      lookup: () => ({ names: names(nobody) }),
      world: {
        ...errors(s),
        ...(s % 2 === 0 ? { dns: dns(nobody) } : {}),
      },
    }));
    expect(causes(gone)).toEqual(['name-missing']);
  });
});

it('a spike on replicas: their lookups wait, and they are what is restarted, not the front that users see', () => {
  const late = (s: number) => ({ outcome: 'timeout', ms: 2000, late: s >= 8 ? [5100] : [] }) as const;
  const looks = follow((s) => ({
    askers: (name) => (name.startsWith('shop') ? 32 : 0),
    lookup: () => alike(late(s)),
    world: { ...hangs(s), dns: dns(late(s)) },
  }));
  expect(causes(looks)).toEqual(['resolver-saturation']);
  expect(last(looks)?.title).toBe('The resolver is saturated and will not heal by itself');
  expect(last(looks)?.fix[0]?.action).toEqual({ name: 'restart', argument: 'shop' });
  expect(last(looks)?.explanation.join()).toMatch(/64 lookups wait, 3 connections\/s arrive/);
});

it('a resolver that tells everybody SERVFAIL is said to fail itself', () => {
  const failing = { outcome: 'SERVFAIL', ms: 2 } as const;
  const looks = follow((s) => ({
    lookup: () => alike(failing),
    world: s % 2 === 0 ? { ...everyTarget(ERROR_500, 500), dns: dns(failing) } : {},
  }));
  expect(causes(looks)).toEqual(['dns-failure']);
  expect(titles(looks, 'dns-failure')).toEqual([
    'Resolver 127.0.0.1:5353 fails: it answers SERVFAIL for postgres.lab.internal',
    'Resolver 172.20.0.53:53 fails: every lookup is answered with SERVFAIL',
  ]);
});
