import { expect, it } from 'vitest';
import { type Edge, UNKNOWN_EDGE } from '../../../../source/probes/edges/sample.js';
import { ShownWays } from '../../../../source/probes/matrix/edges/shown.js';
import { inside, insideSockets } from '../../../helpers/inside.js';

const DB = { address: '10.0.0.3', port: 5432 };
const fresh: Partial<Edge> = { opened: 4, lateOpened: 0, minRttMs: 0.2, states: { ESTAB: 1 } };

function ways(over: Partial<Edge>): ShownWays {
  const all = new ShownWays();
  all.of('api', DB, 0);
  const edge = { ...UNKNOWN_EDGE, peer: DB.address, port: DB.port, ...fresh, ...over };
  const sockets = { ...insideSockets({}), edges: { sinceMs: 2_000, sampled: 1, list: [edge], left: 0 } };
  all.saw(inside('api', { sockets }), 1_000);
  return all;
}

it('a way on which new connections came about in time need not be asked', () => {
  expect(ways({}).of('api', DB, 3_000)).toEqual({ ms: 0.2 });
});

it('is asked where they do not show it: none new, a late one, one without an answer, old ones only', () => {
  for (const over of [
    { opened: 0 },
    { opened: null },
    { lateOpened: 1 },
    { synSent: { count: 1, retried: 1, mostRetries: 1, ageMs: 1_000 } },
    { states: { ESTAB: 40 } },
    { minRttMs: null },
    { direction: 'in' as const },
  ])
    expect(ways(over).of('api', DB, 3_000)).toBeUndefined();
  expect(ways({}).of('web', DB, 3_000)).toBeUndefined();
});

it('is asked again once the look is old, and now and then in any case', () => {
  expect(ways({}).of('api', DB, 12_000)).toBeUndefined();
  const all = ways({});
  const sockets = ways({});
  expect(sockets.of('api', DB, 2_000)).toBeDefined();
  all.saw(
    inside('api', {
      sockets: {
        ...insideSockets({}),
        edges: {
          sinceMs: 2_000,
          sampled: 1,
          list: [{ ...UNKNOWN_EDGE, ...fresh, peer: DB.address, port: DB.port }],
          left: 0,
        },
      },
    }),
    31_000,
  );
  expect(all.of('api', DB, 31_000)).toBeUndefined();
  expect(all.of('api', DB, 32_000)).toEqual({ ms: 0.2 });
});
