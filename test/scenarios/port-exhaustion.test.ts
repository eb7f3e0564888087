import { expect, it } from 'vitest';
import type { PortUse } from '../../source/probes/samples.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { sockets } from '../helpers/samples.js';

const use = (taken: number, over: Partial<PortUse> = {}): PortUse => ({
  ...{ source: '10.0.0.2', peer: '10.0.0.7', port: 6379, range: '32768-60999', of: 28_232, timeWait: taken },
  taken,
  ...over,
});
const using = (...portUse: readonly PortUse[]) => ({ sockets: { ...sockets(), portUse } });
const named = (looks: ReturnType<typeof run>) => firing(looks, 'port-exhaustion');

it('ports in TIME-WAIT towards one server are named at once, with who and how many', () => {
  const owned = edge('10.0.0.7:6379', { processes: ['ruby'] });
  const looks = run(8, () => ({
    sockets: { ...sockets(), portUse: [use(27_940)], edges: edges(owned) },
  }));
  expect(named(looks)[0]?.t).toBeLessThanOrEqual(4);
  expect(named(looks)[0]?.finding).toMatchObject({
    severity: 'critical',
    target: 'ruby → 10.0.0.7:6379',
    title: 'Local ports used up: ruby has 27,940 of 28,232 in use towards 10.0.0.7:6379',
  });
  expect(named(looks)[0]?.finding.fix[1]?.text).toContain('use them again');
});

it('open ones are the pool, not the keep-alive', () => {
  const found = named(run(8, () => using(use(27_000, { timeWait: 0 })))).at(-1)?.finding;
  expect(found?.severity).toBe('warning');
  expect(found?.fix[1]?.text).toContain('a limit');
});

it('many that leave room are none: 20,000 in TIME-WAIT, or as many spread over two addresses', () => {
  const room = run(30, () => using(use(20_000)));
  const spread = run(30, () => using(use(24_000), use(24_000, { source: '10.0.0.3' })));
  for (const looks of [room, spread]) expect(named(looks)).toEqual([]);
});

it('within a container is the container, told once for a network of several', () => {
  const mine = { sockets: insideSockets({}, { portUse: [use(128, { of: 128, range: '40000-40127' })] }) };
  const found = named(run(8, () => ({ 'inside:a': inside('a', mine), 'inside:b': inside('b', mine) })));
  expect(new Set(found.map(({ finding }) => finding.subject.id))).toEqual(new Set(['a → 10.0.0.7:6379']));
  expect(found.at(-1)?.finding.fix[0]?.command).toContain('nsenter');
});

it('does not flap around its threshold, and goes once ports are free', () => {
  const looks = run(90, (t) => using(use(t > 50 ? 15_000 : t < 15 || t % 2 ? 26_000 : 25_000)));
  const states = looks.slice(20, 50).map((look) => look.findings[0]?.state);
  expect(new Set(states)).toEqual(new Set(['firing']));
  expect(looks.at(-1)?.findings).toEqual([]);
});
