import { expect, it } from 'vitest';
import { firing, run } from '../helpers/host-run.js';
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
