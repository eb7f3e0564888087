import { describe, expect, test } from 'vitest';
import type { View } from '../../../panels/panel.js';
import { servicesContent } from '../../../panels/services/services.js';
import { fitted, plain } from '../../../panels/widgets/fit.js';
import { frame } from '../../../panels/widgets/frame.js';
import type { ContainerFacts, ServiceSample } from '../../../source/probes/samples.js';
import type { FaultlineState } from '../../../source/store/state.js';
import { sanitise, width } from '../../../source/terminal/sanitise.js';
import { containerFacts } from '../../helpers/samples.js';
import { healthyState, NOW, probe, service } from '../../helpers/state.js';

const MIB = 2 ** 20;
const VIEW: View = { width: 76, height: 20, alone: false, filter: '', cursor: null, restartTarget: null };

const container = (name: string, over: Partial<ServiceSample> = {}, facts: Partial<ContainerFacts> = {}) =>
  service({ name, memoryBytes: 46 * MIB, container: containerFacts(facts), ...over });

const exited = (code: number, meaning: string) =>
  ({ state: 'exited', pid: null, lastExit: { code, signal: null, at: NOW - 480_000, meaning } }) as const;

const WORLD = [
  container('shop-web-1', { group: 'web' }, { health: 'healthy', composeProject: 'shop' }),
  container('shop-web-2', { group: 'web' }, { health: 'unhealthy', composeProject: 'shop' }),
  container(
    'db',
    { cpuPercent: 19.7, memoryBytes: 60 * MIB, openFds: 12, fdLimit: 1_024 },
    {
      limits: { cpus: 0.2, memoryBytes: 64 * MIB, pids: 100 },
      throttledPercent: 93,
      throttling: { periods: 1_000, throttledPeriods: 900, throttledMs: 81_000 },
      oomKills: 2,
      restartPolicy: 'on-failure:3',
      networks: [
        { name: 'back', address: '172.20.0.5' },
        { name: 'front', address: null, formerAddress: '172.21.0.9' },
      ],
      publishedPorts: [
        { protocol: 'tcp', port: 5432, hostAddress: '0.0.0.0', hostPort: 5433 },
        { protocol: 'tcp', port: 5432, hostAddress: '::', hostPort: 5433 },
        { protocol: 'udp', port: 53, hostAddress: null, hostPort: null },
      ],
      image: 'registry.example.org/team/db:15',
      labels: { team: 'blue' },
    },
  ),
  container(
    'crash',
    { ...exited(1, 'failed with exit code 1'), state: 'starting' },
    { status: 'restarting' },
  ),
  container('oom', exited(137, 'killed: out of memory (limit 64 MiB)'), { status: 'exited' }),
  container('job', exited(0, 'ended as it should'), { status: 'exited' }),
  container('ice', { state: 'paused' }, { status: 'paused' }),
  container('new', { state: 'exited', cpuPercent: null }, { status: 'created' }),
];

function stateOf(services: readonly ServiceSample[], over: Partial<FaultlineState> = {}, stale = false) {
  const state = healthyState(over);
  const sample = { services, means: 'cgroup v2', missing: [] };
  return {
    ...state,
    latest: { ...state.latest, http: {}, services: { at: NOW - 12_000, stale, sample } },
  };
}

function shown(state: FaultlineState, view: Partial<View> = {}): string {
  const content = servicesContent(state, { ...VIEW, ...view });
  const rows = Array.from({ length: content.count }, (_, index) => content.line(index));
  return [...(content.head ?? []), ...rows, ...(content.foot ?? [])].map(plain).join('\n');
}

describe('containers', () => {
  test('are told apart by word and symbol', () => {
    const text = shown(stateOf(WORLD));
    expect(text).toMatch(/shop-web-1 +● healthy/);
    expect(text).toMatch(/shop-web-2 +▲ unhealthy/);
    expect(text).toMatch(/crash +✖ restarting/);
    expect(text).toMatch(/oom +✖ exited 137/);
    expect(text).toMatch(/job +◆ exited 0/);
    expect(text).toMatch(/ice +✖ paused/);
    expect(text).toMatch(/new +◆ created/);
  });

  test('stand with use against limits, called out where they are held back or almost full', () => {
    const text = shown(stateOf(WORLD));
    expect(text).toMatch(/db +● up +▲ 20\/20 % +◆ 60\/64 MiB/);
    expect(text).toMatch(/shop-web-1 +● healthy +3 % +46 MiB/);
    const big = container('big', { memoryBytes: 15.5 * 1024 * MIB }, {});
    const limits = { cpus: null, pids: null, memoryBytes: 1024 * MIB };
    expect(shown(stateOf([big]))).toMatch(/ 16 GiB/);
    expect(shown(stateOf([container('one', {}, { limits })]))).toMatch(/ 0\.0\/1 GiB/);
  });

  test('keep to the columns there are: 58, 76 and 116, the last exit in words where it fits', () => {
    const state = stateOf(WORLD);
    for (const columns of [36, 58, 76, 116, 150])
      for (const line of shown(state, { width: columns }).split('\n'))
        expect(width(sanitise(line)), `${columns}: ${line}`).toBeLessThanOrEqual(columns);
    expect(shown(state, { width: 58 })).toMatch(/STATE +CPU +MEM RST$/m);
    expect(shown(state, { width: 76 })).toMatch(/oom .* 137 8 min ago/);
    const wide = shown(state, { width: 130 });
    expect(wide).toMatch(/oom .*killed: out of memory/);
    expect(wide).toMatch(/RST PORTS +IMAGE +PROJECT +LAST EXIT/);
    expect(wide).toMatch(/db .* 5433→5432 +db:15 /);
  });

  test('keep the number of a replica in a name that is cut', () => {
    const long = container('a-long-project-name-todo-app-12');
    expect(shown(stateOf([long]))).toMatch(/a-long-projec…app-12/);
  });

  test('opened alone the chosen one is told in full', () => {
    const view = { alone: true, cursor: 2, height: 40, width: 116 };
    const text = shown(stateOf(WORLD), view);
    expect(text).toContain('running · started 04:45 ago · 0 restarts · restart policy on-failure:3');
    expect(text).toContain('19.7 % of a core · limit 0.2 cores · held back in 93 % of periods now');
    expect(text).toMatch(/900 of 1,000 since its start,\s+01:21 in all/);
    expect(text).toContain('60/64 MiB (93.8 %) · 2 out-of-memory kills · pids 3 of 100 · 12 of 1,024 open');
    expect(text).toContain('back 172.20.0.5 · front (had 172.21.0.9)');
    expect(text).toContain('0.0.0.0:5433 → 5432/tcp · [::]:5433 → 5432/tcp · 53/udp not published');
    expect(text).toContain('registry.example.org/team/db:15 · id aaaaaaaaaaaa');
    expect(text).toContain('team=blue');
    const content = servicesContent(stateOf(WORLD), { ...VIEW, ...view, height: 8 });
    expect(content.foot?.length).toBe(4);
    const lines = frame(content, 2, { title: 'Services', width: 120, height: 10, selected: true });
    expect(lines).toHaveLength(10);
    expect(plain(lines.at(-2) ?? [])).toMatch(/^│ +01:21 in all/);
  });

  test('all replicas are marked where the target is what they are replicas of', () => {
    const text = shown(stateOf(WORLD), { restartTarget: 'web' });
    expect(text.match(/▸ shop-web-\d/g)).toHaveLength(2);
  });

  test('a daemon that is away is said, with what mends it, above what was last seen', () => {
    const services = probe({
      id: 'services',
      title: 'Services',
      state: 'unavailable',
      reason: 'Docker at unix:///var/run/docker.sock: nobody listens there',
      mend: 'systemctl start docker',
    });
    const state = stateOf(WORLD, {}, true);
    const text = shown({ ...state, probes: { ...state.probes, services } });
    expect(text).toMatch(
      /^\? Services: Docker at unix.*nobody listens there\nNeeds: systemctl start docker\n/,
    );
    expect(text).toMatch(/shop-web-1 +◌ was healt/);
    expect(text).not.toContain('● healthy');
    expect(servicesContent(state, VIEW).right).toContain('stale, 12 s old');
  });

  test('nothing but text reaches the screen from names, images and labels', () => {
    const nasty = '\u001b[2J\u202e\u0007\u009b31mX'.repeat(900);
    const facts = { image: nasty, composeProject: nasty, labels: { [nasty]: nasty }, status: nasty };
    const state = stateOf([container(nasty, {}, facts), container('b', {}, { labels: { a: nasty } })]);
    for (const cursor of [0, 1]) {
      const content = servicesContent(state, { ...VIEW, alone: true, cursor, height: 40 });
      const lines = frame(content, cursor, { title: 'Services', width: 80, height: 30, selected: true });
      for (const line of lines) {
        const text = plain(fitted(line, 80));
        expect(text).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
        expect(width(text)).toBe(80);
      }
    }
  });
});

test('long names that all end alike are told apart by what comes before', () => {
  const names = ['front', 'todo-app-1', 'todo-app-2', 'todo-app-3'].map((name) => `${name}-of-today-d15a0c`);
  const state = healthyState({
    latest: {
      http: {},
      services: {
        at: NOW,
        stale: false,
        sample: { services: names.map((name) => container(name)), means: 'cgroup v1', missing: [] },
      },
    },
  });
  const content = servicesContent(state, { ...VIEW, width: 58 });
  const rows = Array.from({ length: content.count }, (_, i) => plain(content.line(i)));
  for (const name of ['todo-app-1…', 'todo-app-2…', 'todo-app-3…'])
    expect(rows.filter((row) => row.includes(name))).toHaveLength(1);
});
