import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge } from '../../source/probes/samples.js';
import { type Look, type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideKernel, insideSockets } from '../helpers/inside.js';
import { networkServices } from '../helpers/network-world.js';
import { everyTarget, sockets } from '../helpers/samples.js';

const SERVER = '10.8.0.5:9000';
const pool = (more: Partial<Edge> = {}): Edge =>
  edge(SERVER, { owner: 'shop', states: { ESTAB: 5 }, opened: 1, failed: 0, received: 6, ...more });
const cut = (count: number, reset = count, leastIdleMs = 5_000): Partial<Edge> => ({
  cut: { count, reset, leastIdleMs },
});
const world =
  (of: (t: number) => Partial<Edge>) =>
  (t: number): World => ({
    ...everyTarget(),
    ...(t % 2 ? {} : { sockets: { ...sockets(), edges: { ...edges(pool(of(t))), sinceMs: 2_000 } } }),
  });
const looks = (seconds: number, of: (t: number) => Partial<Edge>): readonly Look[] =>
  watch(seconds, world(of), allModes());
const named = (all: readonly Look[], id = 'idle-reset') =>
  all.flatMap(({ t, findings }) =>
    findings.filter((one) => one.id === id && one.state === 'firing').map((finding) => ({ t, finding })),
  );

it('kept connections that are reset after a silence, none of which ends in order, are named, and are no race', () => {
  const all = looks(20, () => cut(2));
  expect(named(all)[0]?.t).toBeLessThanOrEqual(8);
  expect(named(all).at(-1)?.finding).toMatchObject({
    target: `shop → ${SERVER}`,
    title: `Idle connections from shop to ${SERVER} are reset on the way: 20 after 5.0 s without data`,
  });
  expect(named(all, 'keepalive-race')).toEqual([]);
});

it.each<[string, (t: number) => Partial<Edge>]>([
  ['its server ends others in order after as long', () => ({ ...cut(2), idleEndMs: 4_500 })],
  ['the silence is one after which servers close', () => cut(2, 2, 1_000)],
  ['they end in order', () => cut(2, 0)],
  ['new connections fail as well', () => ({ ...cut(2), failed: 2 })],
  [
    'none has heard anything since the first: their server ended without a word',
    (t) => cut(1, 1, 60_000 + 1_000 * t),
  ],
  ['all at once: a server that was started anew', (t) => (t === 10 ? cut(20) : {})],
])('is not named: %s', (_what, of) => {
  expect(named(looks(40, of))).toEqual([]);
});

it('at the first silence already, where a connection goes on that is older than what was heard of it', () => {
  const old = (t: number): Partial<Edge> => ({ ...cut(1, 1, 60_000 + 1_000 * t), servedMs: 90_000 });
  expect(named(looks(12, old))[0]?.t).toBeLessThanOrEqual(8);
  const young = (t: number): Partial<Edge> => ({ ...old(t), servedMs: 40_000 });
  expect(named(looks(12, young))).toEqual([]);
});

it('a race after a long silence stays one', () => {
  expect(
    named(
      looks(20, () => ({ ...cut(2), idleEndMs: 4_500 })),
      'keepalive-race',
    ).length,
  ).toBeGreaterThan(0);
});

/** The same within two containers; the server's own kernel sends so many resets a second. */
const containers =
  (resets: number) =>
  (t: number): World => ({
    services: networkServices(),
    ...(t % 2
      ? {}
      : {
          'inside:shop-1': inside('shop-1', {
            network: 'a',
            sockets: insideSockets(
              {},
              {
                edges: {
                  ...edges(edge('172.20.0.20:5432', { opened: 1, failed: 0, ...cut(2) })),
                  sinceMs: 2_000,
                },
              },
            ),
          }),
          'inside:store': inside('store', {
            network: 'b',
            kernel: insideKernel({ 'Tcp.OutRsts': resets * t }),
          }),
        }),
  });

it('a server that is seen to send the resets itself closes them, and one that sends none does not', () => {
  expect(named(watch(30, containers(1), allModes()))).toEqual([]);
  expect(named(watch(30, containers(0), allModes())).length).toBeGreaterThan(0);
});

it('goes once it has stopped', () => {
  const all = looks(90, (t) => (t < 20 ? cut(2) : {}));
  expect(named(all).length).toBeGreaterThan(0);
  expect(all.at(-1)?.findings.filter(({ id }) => id === 'idle-reset')).toEqual([]);
});
