import { describe, expect, it } from 'vitest';
import { allModes, findMode } from '../../../scenarios/index.js';
import type { Finding } from '../../../source/store/finding.js';
import { containerServices, event, eventsAt, fine, gone, MIB } from '../../helpers/container-world.js';
import { type Look, play, type World, watch } from '../../helpers/history.js';
import { ERROR_500, everyTarget, http, postgres, TARGETS } from '../../helpers/samples.js';

const ONSET = 20;
const SHOP = { networks: [{ name: 'shop', address: '172.20.0.2' }] };
const OTHER = { networks: [{ name: 'other', address: '172.21.0.2' }] };

const killed = (name: string, t = ONSET) => [
  event(t, name, 'kill', 'signal 9'),
  event(t, name, 'die', 'exit code 137'),
];
const outOfMemory = (name: string, t = ONSET) => [
  event(t, name, 'oom'),
  event(t, name, 'die', 'exit code 137'),
];
const at = (looks: readonly Look[], t: number): readonly Finding[] =>
  looks.find((look) => look.t === t)?.findings ?? [];
/** Mode and workload of what is named and explained by nothing else. */
const roots = (findings: readonly Finding[]): string[] =>
  findings
    .filter((one) => one.state === 'firing' && one.explainedBy === null)
    .map(({ id, subject }) => `${id} ${subject.id}`)
    .sort();
const all = (findings: readonly Finding[], id: string): readonly Finding[] =>
  findings.filter((one) => one.id === id);

describe('several containers at once', () => {
  it('that were killed are a finding each, which goes when its own is back', () => {
    const names = ['front', 'shop-1', 'store'];
    const events = [...names.flatMap((name) => killed(name)), event(ONSET + 4, 'store', 'start')];
    const looks = watch(
      50,
      (t) => ({
        ...fine(t),
        ...(t >= ONSET
          ? {
              services: containerServices({
                front: gone(137, 'killed'),
                'shop-1': gone(137, 'killed'),
                ...(t < ONSET + 4 ? { store: gone(137, 'killed') } : {}),
              }),
            }
          : {}),
        ...eventsAt(t, events),
      }),
      allModes(),
    );
    expect(roots(at(looks, ONSET + 2))).toEqual(names.map((name) => `container-kill ${name}`));
    for (const { title, subject, fix, explanation } of at(looks, ONSET + 2)) {
      expect(title).toBe(`${subject.id} was killed (docker kill, SIGKILL) and is not back`);
      expect(fix[0]?.command).toBe(`docker start ${subject.id}`);
      expect(explanation.join()).toContain(`${subject.id}: kill(9) → die 137`);
    }
    expect(roots(at(looks, 50))).toEqual(['container-kill front', 'container-kill shop-1']);
  });

  it('are taken for the database only where they serve it', () => {
    const gone137 = gone(137, 'killed');
    const looks = watch(
      30,
      (t) => ({
        ...fine(t),
        postgres: postgres({ address: '172.20.0.2:5432' }),
        services: containerServices(
          t < ONSET
            ? { store: { container: SHOP } }
            : { front: { ...gone137, container: OTHER }, store: { ...gone137, container: SHOP } },
        ),
        ...eventsAt(t, [...killed('front'), ...killed('store')]),
      }),
      allModes(),
    );
    const kills = all(at(looks, ONSET + 2), 'container-kill');
    const clearing = kills.filter(({ ruledOut }) => ruledOut.some(({ id }) => id === 'database-down'));
    expect(kills).toHaveLength(2);
    expect(clearing.map(({ subject }) => subject.id)).toEqual(['store']);
  });

  it('explain nothing at an address of this host that no container is seen to serve', () => {
    const elsewhere = http('GET other', { kind: 'refused', phase: 'connect', text: 'connection refused' });
    const looks = watch(
      40,
      (t) => ({
        ...fine(t),
        ...(t >= ONSET
          ? {
              services: containerServices({ store: { ...gone(137, 'killed'), container: SHOP } }),
              'http:GET other': { ...elsewhere, url: 'http://127.0.0.1:6999/' },
            }
          : {}),
        ...eventsAt(t, killed('store')),
      }),
      allModes(),
    );
    expect(roots(at(looks, 40))).toEqual(['container-kill store', 'service-stopped 127.0.0.1:6999']);
  });

  it('that ran out of memory are a finding each', () => {
    const limited = { container: { limits: { cpus: null, memoryBytes: 50 * MIB, pids: null }, oomKills: 1 } };
    const looks = watch(
      40,
      (t) => ({
        ...fine(t),
        services: containerServices(
          t < ONSET
            ? {}
            : {
                'shop-1': { ...gone(137, 'killed'), ...limited },
                'shop-2': { ...gone(137, 'killed'), ...limited },
              },
        ),
        ...eventsAt(t, [...outOfMemory('shop-1'), ...outOfMemory('shop-2')]),
      }),
      allModes(),
    );
    expect(roots(at(looks, 40))).toEqual(['memory-limit shop-1', 'memory-limit shop-2']);
    expect(all(at(looks, 40), 'memory-limit').map(({ title }) => title)).toEqual(
      ['shop-1', 'shop-2'].map(
        (name) => `OOM kill at its 50 MiB limit in ${name}: its first process, and it is not back`,
      ),
    );
  });

  it('of two that are held back only the one whose users wait is more than a notice', () => {
    const held = (network: typeof SHOP) => ({
      container: { limits: { cpus: 0.05, memoryBytes: null, pids: null }, throttledPercent: 80, ...network },
    });
    const slow = Object.fromEntries(
      TARGETS.map((target) => [`http:${target}`, { ...http(target), totalMs: 400 }]),
    );
    const world = (t: number): World => ({
      ...fine(t),
      ...(t > ONSET && t % 2 === 0 ? slow : {}),
      services: containerServices({
        front: { container: SHOP },
        ...(t > ONSET ? { 'shop-1': held(SHOP), 'shop-2': held(OTHER) } : {}),
      }),
    });
    const found = all(at(watch(ONSET + 90, world, allModes()), ONSET + 90), 'cpu-limit');
    expect(found.map(({ title, severity }) => [title, severity])).toEqual([
      ['CPU-throttled at 0.05 cores: shop-1', 'critical'],
      ['CPU-throttled at 0.05 cores: shop-2; nobody is slower for it yet', 'notice'],
    ]);
  });
});

describe('what goes on elsewhere', () => {
  it('a crash loop is not explained by an OOM kill in another container', () => {
    const loop = [ONSET, ONSET + 3, ONSET + 6].flatMap((t) => [
      event(t, 'store', 'die', 'exit code 1'),
      event(t + 1, 'store', 'start'),
    ]);
    const looks = watch(
      ONSET + 9,
      (t) => ({
        ...fine(t),
        ...(t >= ONSET ? { services: containerServices({ 'shop-1': gone(137, 'killed') }) } : {}),
        ...eventsAt(t, [...outOfMemory('shop-1'), ...loop]),
      }),
      allModes(),
    );
    expect(roots(at(looks, ONSET + 9))).toEqual(['container-kill store', 'memory-limit shop-1']);
  });

  it('does not make the end of a container critical, nor its target', () => {
    const looks = watch(
      40,
      (t) => ({
        ...fine(t),
        ...(t > ONSET && t % 2 === 0 ? everyTarget(ERROR_500, 500) : {}),
        services: containerServices({
          front: { container: SHOP },
          'shop-1': { container: OTHER, ...(t >= ONSET ? gone(137, 'killed') : {}) },
        }),
        ...eventsAt(t, killed('shop-1')),
      }),
      allModes(),
    );
    expect(all(at(looks, 40), 'container-kill')).toMatchObject([{ severity: 'warning', target: 'shop-1' }]);
    expect(all(at(looks, 40), 'http-errors')).toMatchObject([{ explainedBy: null }]);
  });
});

describe('the figure that clears it', () => {
  const clears = (id: string, world: World): string | undefined =>
    findMode(id)?.mode.clears(play(10, (t) => ({ ...fine(t), ...world })));

  it('of the end of a container is that none ended', () => {
    expect(clears('container-kill', eventsAt(1, []))).toBe(
      'none of 4 containers was killed or ended by itself lately',
    );
    expect(clears('container-kill', eventsAt(10, killed('store', 5)))).toBeUndefined();
    expect(clears('container-kill', {})).toBeUndefined();
  });

  it('of memory is that nothing was killed and nothing is full, where that is counted', () => {
    expect(clears('memory-limit', {})).toBe('no oom_kill lately in 4 containers, none near its limit');
    const unknown = containerServices({ store: { container: { oomKills: null } } });
    expect(clears('memory-limit', { services: unknown })).toBeUndefined();
    expect(clears('memory-limit', eventsAt(10, [event(5, 'store', 'oom')]))).toBeUndefined();
  });

  it('of CPU is how much the most throttled one is held back', () => {
    const held = (percent: number) =>
      containerServices({
        'shop-1': {
          container: {
            limits: { cpus: 1, memoryBytes: null, pids: null },
            throttledPercent: percent,
          },
        },
      });
    expect(clears('cpu-limit', { services: held(3) })).toBe(
      'no container is held back in more than 3 % of its periods',
    );
    expect(clears('cpu-limit', { services: held(12) })).toBeUndefined();
    expect(clears('cpu-limit', {})).toBeUndefined();
  });
});
