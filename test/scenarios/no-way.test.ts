import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { MatrixCell } from '../../source/probes/samples.js';
import type { Finding } from '../../source/store/finding.js';
import { watch } from '../helpers/history.js';
import { networkRun, ONSET } from '../helpers/network-world.js';

type Ways = Readonly<Record<string, Partial<MatrixCell>>>;

const BLACKHOLE: Partial<MatrixCell> = {
  outcome: 'no-route',
  errno: 'EINVAL',
  ms: 0.3,
  meaning: 'swallowed',
};
const NO_ROUTE: Partial<MatrixCell> = { ...BLACKHOLE, errno: 'ENETUNREACH', meaning: 'no route leads there' };
const PROHIBITED: Partial<MatrixCell> = { ...BLACKHOLE, outcome: 'permission', errno: 'EACCES' };
const SILENT: Partial<MatrixCell> = { outcome: 'timeout', errno: 'ETIMEDOUT', ms: 1500 };

/** The partitions after half a minute: it is so from the first look on, or comes later. */
function cutBy(ways: Ways, when: 'broken' | 'steady' = 'broken'): readonly Finding[] {
  const run = networkRun(() => ({ way: (source, target) => ways[`${source}→${target}`] }));
  const looks = watch(50, (t) => run(when === 'broken' ? t + ONSET : t), allModes());
  return (looks.at(-1)?.findings ?? []).filter(({ id, state }) => id === 'partition' && state === 'firing');
}

it.each([
  ['a blackhole route', BLACKHOLE],
  ['no route', NO_ROUTE],
  ['a prohibition', PROHIBITED],
])('%s in its own network is named at the one who needs the way, and there it is mended', (_, way) => {
  for (const when of ['broken', 'steady'] as const) {
    // What comes from there is not answered either: its answers find the same way.
    const [found, ...others] = cutBy({ 'shop-1→store': way, 'store→shop-1': SILENT }, when);
    expect(others).toEqual([]);
    expect(found?.title).toBe('Partition: no way leads from shop-1 to store');
    expect(found?.explanation.join()).toContain(`shop-1 → store: connect fails at once (${way.errno})`);
    expect(found?.explanation.join()).not.toContain('hears nothing');
    expect(found?.fix[0]?.text).toContain('give shop-1 its way');
    expect(found?.fix[0]?.command).toMatch(/^nsenter -t \d+ -n .*ip rule/);
  }
});

it('where the other side knows no way back, it is looked for there', () => {
  const [found] = cutBy({ 'shop-1→store': SILENT, 'store→shop-1': NO_ROUTE });
  expect(found?.title).toBe('Partition: shop-1 cannot reach store, packets between them are dropped');
  expect(found?.fix[0]?.text).toContain('give store its way');
});

it('what nobody needs and never came about may be kept apart by intent', () => {
  const apart = { 'front→store': PROHIBITED };
  expect(cutBy(apart, 'broken')).toEqual([]);
  expect(cutBy(apart, 'steady')).toHaveLength(1);
});
