import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import type { ContainerFacts } from '../../../source/probes/samples.js';
import type { Finding } from '../../../source/store/finding.js';
import { containerServices, event, eventsAt, fine, gone, MIB } from '../../helpers/container-world.js';
import { type Look, type World, watch } from '../../helpers/history.js';
import { everyTarget, HANG, http, TARGETS } from '../../helpers/samples.js';

const ONSET = 20;

const found = (look: Look | undefined, id: string): Finding | undefined =>
  look?.findings.find((one) => one.id === id && one.state === 'firing');
const about = (look: Look | undefined, id: string, workload: string): Finding | undefined =>
  look?.findings.find((one) => one.key === `${id}@workload:${workload}` && one.state === 'firing');
const first = (looks: readonly Look[], id: string): Look | undefined => looks.find((look) => found(look, id));
const roots = (look: Look | undefined): string[] =>
  (look?.findings ?? [])
    .filter((one) => one.state === 'firing' && one.explainedBy === null)
    .map((one) => one.id);

/** Both replicas are held to 0.05 cores, in so many percent of their periods. */
function held(percent: number, over: Partial<ContainerFacts> = {}): World {
  const container = {
    limits: { cpus: 0.05, memoryBytes: null, pids: null },
    throttledPercent: percent,
    ...over,
  };
  const one = { cpuPercent: 4.9, container };
  return { services: containerServices({ 'shop-1': one, 'shop-2': one }) };
}

const slowly = (ms: number): World =>
  Object.fromEntries(TARGETS.map((target) => [`http:${target}`, { ...http(target), totalMs: ms }]));

const every = (t: number, world: World): World => (t % 2 === 0 ? world : {});
const run = (seconds: number, sick: (s: number, t: number) => World) =>
  watch(seconds, (t) => ({ ...fine(t), ...(t > ONSET ? sick(t - ONSET, t) : held(0)) }), allModes());

describe('a CPU limit', () => {
  it('that is felt is named within 15 s, with its quota, its use and what it costs', () => {
    const looks = run(60, (_, t) => ({ ...held(80), ...every(t, slowly(400)) }));
    const look = first(looks, 'cpu-limit');
    expect((look?.t ?? 999) - ONSET).toBeLessThanOrEqual(15);
    expect(roots(looks.at(-1))).toEqual(['cpu-limit', 'cpu-limit']);
    for (const name of ['shop-1', 'shop-2']) {
      const finding = about(looks.at(-1), 'cpu-limit', name);
      expect(finding).toMatchObject({ severity: 'critical', target: `GET / → ${name}` });
      expect(finding?.title).toBe(`CPU-throttled at 0.05 cores: ${name}`);
      const values = finding?.evidence.map((row) => row.value).join('\n');
      expect(values).toContain('held back in 80 % of its periods');
      expect(values).toContain('uses 4.9 % of a core, may use 5 %');
      expect(values).toContain('GET /: 48 ms → 400 ms');
      expect(finding?.fix[0]?.command).toBe(`docker update --cpus 1 ${name}`);
      expect(finding?.ruledOut.map((one) => one.id)).toEqual(
        expect.arrayContaining(['service-hung', 'memory-limit', 'service-stopped', 'database-down']),
      );
    }
  });

  it('so small that nothing answers in time explains the silence', () => {
    const unanswered = (t: number): World =>
      Object.fromEntries(Object.entries(fine(t)).filter(([id]) => !id.startsWith('http:')));
    const looks = watch(
      60,
      (t) =>
        t <= ONSET
          ? { ...fine(t), ...held(0) }
          : { ...unanswered(t), ...held(95), ...((t - ONSET) % 6 === 5 ? everyTarget(HANG) : {}) },
      allModes(),
    );
    expect(first(looks, 'cpu-limit')).toBeDefined();
    expect(roots(looks.at(-1))).toEqual(['cpu-limit', 'cpu-limit']);
  });

  it('that nobody feels is a notice, and only after a minute', () => {
    const looks = run(110, () => held(60));
    const look = first(looks, 'cpu-limit');
    expect(found(look, 'cpu-limit')?.severity).toBe('notice');
    expect((look?.t ?? 0) - ONSET).toBeGreaterThanOrEqual(60);
  });

  it('that seldom binds says nothing, and neither does slowness without one', () => {
    for (const look of run(90, (_, t) => ({ ...held(15), ...every(t, slowly(400)) })))
      expect(found(look, 'cpu-limit')).toBeUndefined();
    for (const look of run(90, (_, t) => ({ ...held(0), ...every(t, slowly(400)) })))
      expect(found(look, 'cpu-limit')).toBeUndefined();
  });

  it('goes when it is raised', () => {
    const looks = run(80, (s, t) => (s < 25 ? { ...held(80), ...every(t, slowly(400)) } : held(0)));
    expect(looks.at(-1)?.findings).toEqual([]);
  });
});

const LIMIT = { limits: { cpus: null, memoryBytes: 50 * MIB, pids: null } };

describe('a memory limit', () => {
  it('at which a worker is killed is named at once, though the container stays up', () => {
    const oom = [event(ONSET + 1, 'shop-1', 'oom'), event(ONSET + 9, 'shop-1', 'oom')];
    const looks = watch(
      70,
      (t) => ({
        ...fine(t),
        services: containerServices({
          'shop-1': {
            memoryBytes: 47 * MIB,
            container: { ...LIMIT, oomKills: t <= ONSET ? 0 : t < ONSET + 9 ? 1 : 2 },
          },
        }),
        ...eventsAt(t, oom),
      }),
      allModes(),
    );
    const look = first(looks, 'memory-limit');
    expect(look?.t).toBeLessThanOrEqual(ONSET + 2);
    const finding = found(
      looks.find(({ t }) => t === ONSET + 12),
      'memory-limit',
    );
    expect(finding).toMatchObject({ severity: 'critical', target: 'shop-1' });
    expect(finding?.title).toBe(
      'OOM kill at its 50 MiB limit in shop-1: a worker, the container itself stays up',
    );
    expect(finding?.evidence.map((row) => row.value).join('\n')).toMatch(
      /the OOM killer struck 2 times lately.*oom_kill 2/,
    );
    expect(finding?.evidence.map((row) => row.value).join('\n')).toContain('no die: it goes on');
    expect(finding?.fix[0]?.command).toBe('docker update --memory 100m --memory-swap 100m shop-1');
    expect(roots(looks.at(-1))).not.toContain('container-kill');
  });

  it('counts by the cgroup where Docker tells of no event', () => {
    const looks = watch(
      40,
      (t) => ({
        ...fine(t),
        services: containerServices({
          'shop-1': { memoryBytes: 20 * MIB, container: { ...LIMIT, oomKills: t <= ONSET ? 3 : 4 } },
        }),
      }),
      allModes(),
    );
    expect(first(looks, 'memory-limit')?.t).toBe(ONSET + 1);
  });

  it('at which the first process is killed names the end, its limit and the start', () => {
    const events = [event(ONSET, 'shop-1', 'oom'), event(ONSET, 'shop-1', 'die', 'exit code 137')];
    const looks = watch(
      40,
      (t) => ({
        ...fine(t),
        ...(t >= ONSET
          ? {
              services: containerServices({
                'shop-1': { ...gone(137, 'killed: out of memory'), container: { ...LIMIT, oomKills: 1 } },
              }),
            }
          : {}),
        ...eventsAt(t, events),
      }),
      allModes(),
    );
    const finding = found(looks.at(-1), 'memory-limit');
    expect(roots(looks.at(-1))).toEqual(['memory-limit']);
    expect(finding?.title).toBe(
      'OOM kill at its 50 MiB limit in shop-1: its first process, and it is not back',
    );
    expect(finding?.fix.filter((one) => one.when === 'now').map((one) => one.command)).toEqual([
      'docker update --memory 100m --memory-swap 100m shop-1',
      'docker start shop-1',
    ]);
    expect(finding?.ruledOut.map((one) => one.id)).toContain('container-kill');
  });

  it('that is nearly reached is a warning, with hysteresis', () => {
    const use = (t: number) => (t < ONSET ? 30 : t < 50 ? 46 : t < 60 ? 43 : 30);
    const looks = watch(
      90,
      (t) => ({
        ...fine(t),
        services: containerServices({ store: { memoryBytes: use(t) * MIB, container: LIMIT } }),
      }),
      allModes(),
    );
    expect(found(first(looks, 'memory-limit'), 'memory-limit')?.title).toMatch(/^store uses 9\d(\.\d)? % of/);
    expect(found(first(looks, 'memory-limit'), 'memory-limit')?.severity).toBe('warning');
    expect(
      found(
        looks.find(({ t }) => t === 58),
        'memory-limit',
      ),
    ).toBeDefined();
    expect(looks.at(-1)?.findings).toEqual([]);
  });
});
