import { expect, it } from 'vitest';
import { containerServices } from '../helpers/container-world.js';
import { firing, run } from '../helpers/host-run.js';
import { inside } from '../helpers/inside.js';
import { conntrack } from '../helpers/samples.js';

it.each([
  [0.7, undefined],
  [0.8, 'notice'],
  [0.92, 'warning'],
  [0.97, 'critical'],
])('at %d is %s', (fill, severity) => {
  const found = firing(
    run(30, () => ({ conntrack: conntrack(fill) })),
    'conntrack-full',
  );
  expect(found.at(-1)?.finding.severity).toBe(severity);
});

it('does not flap around its threshold', () => {
  const looks = run(60, (t) => ({ conntrack: conntrack(t < 15 || t % 2 ? 0.76 : 0.74) }));
  const states = looks.slice(20).map((look) => look.findings[0]?.state);
  expect(new Set(states)).toEqual(new Set(['firing']));
});

it('is full when it drops, and says how many', () => {
  const looks = run(30, (t) => ({ conntrack: conntrack(0.99, t * 10) }));
  const finding = firing(looks, 'conntrack-full').at(-1)?.finding;
  expect(finding?.title).toContain('dropped');
  expect(finding?.evidence.find((one) => one.signal === 'conntrack.drop')?.value).toBe('10 /s');
});

it('a table without a limit is never full, whatever is in it', () => {
  const unlimited = { ...conntrack(0), count: 4_000_000, max: 0, fill: null };
  const looks = run(30, () => ({ conntrack: unlimited }));
  expect(firing(looks, 'conntrack-full')).toEqual([]);
});

const tableOf = (name: string, fill: number, drop = 0) => ({
  [`inside:${name}`]: inside(name, { network: `net:[${name}]`, conntrack: conntrack(fill, drop) }),
});

it("a container's own table is full while the host's is empty, and the container is named", () => {
  const looks = run(30, (t) => ({
    conntrack: conntrack(0.01),
    services: containerServices(),
    ...tableOf('front', 0.99, t * 10),
    ...tableOf('store', 0.1),
  }));
  const found = firing(looks, 'conntrack-full').at(-1)?.finding;
  expect(found).toMatchObject({ subject: { kind: 'workload', id: 'front' }, severity: 'critical' });
  expect(found?.title).toBe('Conntrack table full in the network of front: new connections are dropped');
  expect(looks.at(-1)?.findings.filter(({ id }) => id === 'conntrack-full')).toHaveLength(1);
});

it('a container in the network of this host has no table of its own', () => {
  const onHost = { container: { networks: [{ name: 'host', address: null }] } };
  const looks = run(30, () => ({
    conntrack: conntrack(0.97),
    services: containerServices({ front: onHost }),
    ...tableOf('front', 0.97),
  }));
  expect(firing(looks, 'conntrack-full').at(-1)?.finding.subject.kind).toBe('host');
  expect(looks.at(-1)?.findings.filter(({ id }) => id === 'conntrack-full')).toHaveLength(1);
});
