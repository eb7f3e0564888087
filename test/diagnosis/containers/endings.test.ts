import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import type { WorkloadEvent } from '../../../source/probes/samples.js';
import { type Finding, modeOf } from '../../../source/store/finding.js';
import { containerServices, event, eventsAt, facts, fine, gone } from '../../helpers/container-world.js';
import { type Look, type World, watch } from '../../helpers/history.js';
import { dns, ERROR_500, everyTarget, POSTGRES_GONE, postgres } from '../../helpers/samples.js';

const ONSET = 20;
const BACK = 40;

const KILL = [event(ONSET, 'store', 'kill', 'signal 9'), event(ONSET, 'store', 'die', 'exit code 137')];
const STOP = [
  event(ONSET, 'store', 'kill', 'signal 15'),
  event(ONSET, 'store', 'die', 'exit code 0'),
  event(ONSET, 'store', 'stop'),
];
const OOM = [event(ONSET, 'store', 'oom'), event(ONSET, 'store', 'die', 'exit code 137')];
const START = event(BACK, 'store', 'start');

/** The store is away from ONSET to BACK, and its users feel it: errors, a refusing address, a name that is missing. */
const away =
  (events: readonly WorkloadEvent[], felt = true, back = BACK) =>
  (t: number): World => {
    const sick = t > ONSET && t <= back;
    const symptoms =
      t % 2 === 0
        ? {
            ...everyTarget(ERROR_500, 500),
            dns: dns({ outcome: 'NXDOMAIN', ms: 2 }),
            postgres: POSTGRES_GONE,
          }
        : {};
    return {
      ...fine(t),
      ...(sick && felt ? { ...symptoms, ...(t % 2 ? {} : symptoms) } : {}),
      ...(sick ? { services: containerServices({ store: gone(137, 'killed (SIGKILL)') }) } : {}),
      ...eventsAt(t, events),
    };
  };

const roots = (look: Look | undefined): string[] =>
  (look?.findings ?? [])
    .filter((one) => one.state === 'firing' && one.explainedBy === null)
    .map((one) => one.id);
const at = (looks: readonly Look[], t: number): Look | undefined => looks.find((look) => look.t === t);
const found = (look: Look | undefined, id: string): Finding | undefined =>
  look?.findings.find((one) => one.id === id);

describe('a container that was killed', () => {
  const looks = watch(80, away([...KILL, START]), allModes());

  it('is named as soon as it is no removal, and stays alone on top: database and name only follow', () => {
    expect(roots(at(looks, ONSET))).toEqual([]);
    for (const look of looks.filter(({ t }) => t >= ONSET + 2 && t <= BACK))
      expect(roots(look)).toEqual(['container-kill']);
    const follow =
      at(looks, BACK - 2)?.findings.filter((one) => modeOf(one.explainedBy ?? '') === 'container-kill') ?? [];
    expect(follow.map((one) => one.id)).toEqual(expect.arrayContaining(['database-down', 'name-missing']));
  });

  it('says who did it and that it was not memory', () => {
    const finding = found(at(looks, ONSET + 10), 'container-kill');
    expect(finding).toMatchObject({ severity: 'critical', target: 'GET / → store' });
    expect(finding?.title).toBe('store was killed (docker kill, SIGKILL) and is not back');
    expect(finding?.evidence[0]?.value).toBe('kill(9) → die 137');
    expect(finding?.explanation.join('\n')).toMatch(/not out of memory: no oom event/);
    expect(finding?.explanation.join('\n')).toMatch(/away for 10\.0 s, not back yet/);
    expect(finding?.ruledOut.map((one) => one.id)).toContain('memory-limit');
    expect(finding?.fix[0]).toMatchObject({ command: 'docker start store', when: 'now' });
    expect(finding?.confidence).toBeGreaterThanOrEqual(0.9);
  });

  it('is a warning when it is back, and goes within half a minute', () => {
    expect(found(at(looks, BACK + 4), 'container-kill')).toMatchObject({ severity: 'warning' });
    expect(found(at(looks, BACK + 4), 'container-kill')?.title).toContain('was back after 20.0 s');
    expect(looks.at(-1)?.findings).toEqual([]);
  });

  it('that nobody misses is a warning', () => {
    const quiet = watch(30, away(KILL, false), allModes());
    expect(found(at(quiet, 25), 'container-kill')).toMatchObject({ severity: 'warning', state: 'firing' });
  });

  it('is still named after its events are forgotten, while it is missed', () => {
    const long = watch(180, away(KILL, true, 1000), allModes());
    expect(roots(long.at(-1))).toEqual(['container-kill']);
    expect(found(long.at(-1), 'container-kill')?.title).toContain('store was killed');
  });

  it('and whose fellow fails for a reason of its own does not hide that', () => {
    const killed = [
      event(ONSET, 'shop-1', 'kill', 'signal 9'),
      event(ONSET, 'shop-1', 'die', 'exit code 137'),
    ];
    const both = watch(
      40,
      (t) => ({
        ...fine(t),
        ...(t > ONSET && t % 2 === 0 ? { ...everyTarget(ERROR_500, 500), postgres: POSTGRES_GONE } : {}),
        ...(t >= ONSET ? { services: containerServices({ 'shop-1': gone(137, 'killed') }) } : {}),
        ...eventsAt(t, killed),
      }),
      allModes(),
    );
    expect([...roots(both.at(-1))].sort()).toEqual(['container-kill', 'database-down']);
  });
});

describe('who has nothing to do with the target that fails', () => {
  const shop = { networks: [{ name: 'shop', address: '172.20.0.2' }] };
  const other = { networks: [{ name: 'other', address: '172.21.0.2' }] };
  const sick = (t: number): World => (t > ONSET && t % 2 === 0 ? everyTarget(ERROR_500, 500) : {});

  it('does not explain it by its end', () => {
    const looks = watch(
      40,
      (t) => ({
        ...fine(t),
        ...sick(t),
        services: containerServices({
          front: { container: shop },
          'shop-1': t >= ONSET ? { ...gone(137, 'killed'), container: other } : { container: other },
        }),
        ...eventsAt(t, [
          event(ONSET, 'shop-1', 'kill', 'signal 9'),
          event(ONSET, 'shop-1', 'die', 'exit code 137'),
        ]),
      }),
      allModes(),
    );
    expect([...roots(looks.at(-1))].sort()).toEqual(['container-kill', 'http-errors']);
  });

  it('does not explain it by a limit that only it feels, or that nobody feels', () => {
    const limits = { limits: { cpus: 0.1, memoryBytes: 64 * 1024 ** 2, pids: null } };
    const held = { ...limits, ...other, throttledPercent: 80 };
    const looks = watch(
      100,
      (t) => ({
        ...fine(t),
        ...sick(t),
        services: containerServices({
          front: { container: shop },
          'shop-1': { cpuPercent: 10, memoryBytes: 62 * 1024 ** 2, container: held },
        }),
      }),
      allModes(),
    );
    expect(roots(looks.at(-1))).toContain('http-errors');
    expect(found(looks.at(-1), 'cpu-limit')).toMatchObject({ severity: 'notice' });
    expect(found(looks.at(-1), 'memory-limit')).toMatchObject({ severity: 'warning' });
  });
});

describe('its look-alikes', () => {
  it('stopped by hand is not killed', () => {
    const looks = watch(60, away(STOP, true, 1000), allModes());
    for (const look of looks.filter(({ t }) => t >= ONSET))
      expect(roots(look)).toEqual(['service-restarted']);
    expect(found(at(looks, 30), 'service-restarted')?.title).toBe('store was stopped by hand, 10.0 s ago');
    expect(found(at(looks, 30), 'service-restarted')?.fix[0]?.command).toBe('docker start store');
  });

  it('out of memory is not killed', () => {
    const looks = watch(60, away(OOM, true, 1000), allModes());
    for (const look of looks.filter(({ t }) => t > ONSET)) expect(roots(look)).toEqual(['memory-limit']);
  });

  it('ended by itself says so, with its exit code', () => {
    const looks = watch(30, away([event(ONSET, 'store', 'die', 'exit code 3')], true, 1000), allModes());
    expect(found(at(looks, 28), 'container-kill')?.title).toBe(
      'store ended by itself with exit code 3 and is not back',
    );
  });

  it('a loop of ends is called one', () => {
    const loop = [20, 24, 28, 32].flatMap((t) => [
      event(t, 'shop-2', 'die', 'exit code 1'),
      event(t + 1, 'shop-2', 'start'),
    ]);
    const looks = watch(40, (t) => ({ ...fine(t), ...eventsAt(t, loop) }), allModes());
    expect(found(at(looks, 36), 'container-kill')).toMatchObject({ severity: 'critical' });
    expect(found(at(looks, 36), 'container-kill')?.title).toMatch(/^shop-2 ends again and again: 4 times/);
  });
});

describe('a restart by hand', () => {
  const RESTART = [...STOP, event(ONSET + 1, 'store', 'start'), event(ONSET + 1, 'store', 'restart')];
  const looks = watch(100, away(RESTART, true, ONSET + 6), allModes());

  it('is named, and nothing else above it, for about a minute', () => {
    for (const look of looks.filter(({ t }) => t >= ONSET && t <= ONSET + 55))
      expect(roots(look)).toEqual(['service-restarted']);
    const finding = found(at(looks, ONSET + 9), 'service-restarted');
    expect(finding).toMatchObject({ severity: 'notice', target: 'store' });
    expect(finding?.title).toBe('store was restarted by hand 8.0 s ago');
    expect(finding?.explanation).toEqual(['store: kill(15) → die 0 → stop → start; away for 1.0 s']);
    expect(looks.at(-1)?.findings).toEqual([]);
  });

  it('does not cover what still fails half a minute later', () => {
    const broken = watch(70, away(RESTART, true, 1000), allModes());
    expect(roots(broken.at(-1))).toContain('database-down');
  });

  it('of all replicas is told of each', () => {
    const both = ['shop-1', 'shop-2'].flatMap((name) => [
      event(ONSET, name, 'kill', 'signal 15'),
      event(ONSET, name, 'die', 'exit code 0'),
      event(ONSET, name, 'stop'),
      event(ONSET + 1, name, 'start'),
    ]);
    const replicas = watch(30, (t) => ({ ...fine(t), ...eventsAt(t, both) }), allModes());
    const told = at(replicas, 25)?.findings.filter(({ id }) => id === 'service-restarted') ?? [];
    expect(told.map(({ target, title }) => [target, title])).toEqual([
      ['shop-1', 'shop-1 was restarted by hand 4.0 s ago'],
      ['shop-2', 'shop-2 was restarted by hand 4.0 s ago'],
    ]);
  });
});

describe('a restart beside a target that fails for a reason of its own', () => {
  const on = (network: string) => ({ networks: [{ name: network, address: '172.20.0.2' }] });
  const RESTART = [...STOP, event(ONSET + 1, 'store', 'start')];
  const last = (network: string): Look | undefined =>
    watch(
      40,
      (t) => ({
        ...fine(t),
        ...(t > ONSET && t % 2 === 0 ? everyTarget(ERROR_500, 500) : {}),
        services: containerServices({
          front: { container: on('front') },
          store: { container: on(network) },
        }),
        ...eventsAt(t, RESTART),
      }),
      allModes(),
    ).at(-1);

  it('explains it where it may stand behind it', () => {
    expect(roots(last('front'))).toEqual(['service-restarted']);
  });
  it('does not where it cannot', () => {
    expect([...roots(last('other'))].sort()).toEqual(['http-errors', 'service-restarted']);
  });
});

it('a host whose containers only start, are updated and pass their health checks is well', () => {
  const quiet = [
    event(5, 'store', 'start'),
    event(10, 'shop-1', 'update'),
    event(12, 'shop-2', 'health', 'healthy'),
    event(14, 'front', 'kill', 'signal 1'),
    event(16, 'job-17', 'die', 'exit code 1'),
  ];
  for (const look of watch(60, (t) => ({ ...fine(t), ...eventsAt(t, quiet) }), allModes()))
    expect(look.findings).toEqual([]);
});

it('what was never read is not judged', () => {
  const { services } = containerServices({ store: { container: facts({ oomKills: null }) } });
  const looks = watch(
    30,
    (t) => ({ services: { services, means: 'x', missing: [] }, postgres: postgres(), t }),
    allModes(),
  );
  for (const look of looks) expect(look.findings).toEqual([]);
});
