import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge } from '../../source/probes/samples.js';
import { type Look, type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { everyTarget, kernel, sockets } from '../helpers/samples.js';

const SERVER = '10.8.0.5:5432';
const dead = (more: Partial<NonNullable<Edge['stuckIdle']>> = {}): Edge['stuckIdle'] => ({
  ...{ count: 1, leastIdleMs: 610_000, sinceMs: 5_000, lastTryMs: 1_200 },
  ...more,
});
/** A pool of this host's shop, one connection of which was idle and is dead; looked at every two seconds. */
const pool = (more: Partial<Edge> = {}): Edge =>
  edge(SERVER, {
    ...{ owner: 'shop', states: { ESTAB: 5 }, stalled: 1, stuckIdle: dead(), pathMtu: 1_500 },
    ...{ opened: 1, lateOpened: 0, failed: 0, sent: 6, resent: 0, received: 6, outOfOrder: 0 },
    ...more,
  });
const well = (): Edge => {
  const { stuckIdle: _, ...edge } = pool({ stalled: 0 });
  return edge;
};
const world =
  (of: (t: number) => Edge) =>
  (t: number): World => ({
    ...everyTarget(),
    ...(t % 2 ? {} : { sockets: { ...sockets(), edges: { ...edges(of(t)), sinceMs: 2_000 } } }),
  });
const looks = (seconds: number, of: (t: number) => Edge): readonly Look[] =>
  watch(seconds, world(of), allModes());
const named = (all: readonly Look[]) =>
  all.flatMap(({ t, findings }) =>
    findings
      .filter(({ id, state }) => id === 'silent-eviction' && state === 'firing')
      .map((finding) => ({ t, finding })),
  );

it('one that was idle and is dead, while others get through, is named at the second look', () => {
  const found = named(looks(8, () => pool()));
  expect(found[0]?.t).toBeLessThanOrEqual(4);
  expect(found.at(-1)?.finding).toMatchObject({
    severity: 'warning',
    target: `shop → ${SERVER}`,
    title: `Idle connections from shop to ${SERVER} are forgotten on the way, nothing answers on them`,
  });
});

it('answers on others show the way to be open, where nobody opens any', () => {
  expect(named(looks(8, () => pool({ opened: 0 }))).length).toBeGreaterThan(0);
});

it('who forgets sooner than they were idle is told, and nobody else', () => {
  const tracked = (name: string, network: string, count: number, seconds: number) => {
    const { conntrack } = inside(name);
    return {
      [`inside:${name}`]: inside(name, {
        network,
        conntrack: conntrack && { ...conntrack, count, timeouts: { tcp_timeout_established: seconds } },
        sockets: insideSockets({}),
      }),
    };
  };
  const all = watch(
    8,
    (t) => ({
      ...world(() => pool())(t),
      ...tracked('nat', 'a', 12, 350),
      ...tracked('long', 'b', 12, 432_000),
      ...tracked('empty', 'c', 0, 10),
    }),
    allModes(),
  );
  const finding = named(all).at(-1)?.finding;
  expect(finding?.title).toContain('forgotten in nat');
  const rows = JSON.stringify(finding?.evidence);
  expect(rows).toContain('nat forgets');
  expect(rows).not.toContain('long forgets');
  expect(rows).not.toContain('empty forgets');
});

it.each<[string, Partial<Edge>]>([
  ['new connections do not come about: a partition', { failed: 2 }],
  ['a SYN is not answered', { synSent: { count: 1, retried: 1, mostRetries: 2, ageMs: 3_000 } }],
  ['nothing else gets through', { opened: 0, received: 0 }],
  ['openings are lost as well', { lateOpened: 1 }],
  ['busy ones are dead, too: the way is', { stalled: 3 }],
  [
    'what waits are full segments',
    { stuckFull: { count: 1, bytes: 1_448, sinceMs: 5_000, lastTryMs: 1_200 } },
  ],
  [
    'the last try was before anything got through: a cut that is over',
    { stuckIdle: dead({ lastTryMs: 60_000 }) as never },
  ],
  ['it is a server that spoke last', { direction: 'in' }],
])('is not named: %s', (_what, more) => {
  expect(named(looks(40, () => pool(more)))).toEqual([]);
});

it('a busy network that sends some data again is none', () => {
  const busy = (t: number): World => ({
    ...world(() => ({ ...well(), resent: 1 }))(t),
    kernel: kernel({ 'Tcp.OutSegs': 1_000 * t, 'Tcp.RetransSegs': 12 * t }),
  });
  expect(named(watch(40, busy, allModes()))).toEqual([]);
});

it('goes once its client has given it up', () => {
  const all = looks(60, (t) => (t < 20 ? pool() : well()));
  expect(named(all).length).toBeGreaterThan(0);
  expect(all.at(-1)?.findings.filter(({ id }) => id === 'silent-eviction')).toEqual([]);
});
