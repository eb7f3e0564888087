import { expect, it } from 'vitest';
import type { Edge, HttpFailure } from '../../source/probes/samples.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges } from '../helpers/inside.js';
import { everyTarget, http, sockets } from '../helpers/samples.js';

const BAD_GATEWAY: HttpFailure = { kind: 'status', phase: 'transfer', text: 'status 502' };
const FLAPPER = '10.0.0.3:8080';
const OTHERS = ['10.0.0.4:8080', '10.0.0.5:8080'];

const up = { opened: 4, failed: 0 };
const down = { opened: 0, failed: 4 };
/** Away for four seconds of each ten. */
const flaps = (t: number) => (t % 10 < 4 ? down : up);

/** What the host's sockets show of a client of three replicas, every two seconds. */
const world =
  (
    first: (t: number) => Partial<Edge>,
    others: (t: number) => Partial<Edge> = () => up,
    owner: string | null = 'shop',
  ) =>
  (t: number) =>
    t % 2
      ? {}
      : {
          sockets: {
            ...sockets(),
            edges: {
              ...edges(
                edge(FLAPPER, { owner, ...first(t) }),
                ...OTHERS.map((one) => edge(one, { owner, ...others(t) })),
              ),
              sinceMs: 2_000,
            },
          },
        };
const named = (looks: ReturnType<typeof run>) => firing(looks, 'flapping-replica');

it('a server that refuses and serves by turns, while others serve, is named the second time', () => {
  const found = named(run(30, world(flaps)));
  expect(found[0]?.t).toBeLessThanOrEqual(12);
  expect(found.at(-1)?.finding).toMatchObject({
    target: `shop → ${FLAPPER}`,
    subject: { kind: 'listener', id: FLAPPER },
    severity: 'warning',
    title: expect.stringContaining(`while ${OTHERS.join(' and ')} serve`),
  });
});

it('once is a restart; all at once are no replica of many, nor is one that never comes back or never was there', () => {
  const once = world((t) => (t > 10 && t < 20 ? down : up));
  const all = world(flaps, flaps);
  const gone = world((t) => (t > 10 ? down : up));
  const late = world((t) => (t < 20 ? down : up));
  for (const one of [once, all, gone, late]) expect(named(run(60, one))).toEqual([]);
});

it('a few refused connections are none: a name with two families', () => {
  expect(
    named(
      run(
        60,
        world((t) => ({ opened: 4, failed: t === 10 || t === 30 ? 1 : 0 })),
      ),
    ),
  ).toEqual([]);
});

it('of a client that is not known its like is what is asked as often at that port, and no other server', () => {
  const busy = (t: number) => ({ ...up, opened: t % 2 ? 0 : 40 });
  const asOften = world(flaps, () => up, null);
  expect(named(run(30, asOften)).length).toBeGreaterThan(0);
  expect(named(run(60, world(flaps, busy, null)))).toEqual([]);
});

it('an application that is restarted again and again is no replica of its database, which is asked as often', () => {
  for (const owner of ['shop', null]) {
    const here = (t: number) => ({
      ...everyTarget(),
      ...(t % 4 === 0 ? { 'http:GET /': http('GET /', BAD_GATEWAY, 502) } : {}),
      ...(t % 2
        ? {}
        : {
            sockets: {
              ...sockets(),
              edges: {
                ...edges(
                  edge('127.0.0.1:8080', { owner, ...flaps(t) }),
                  edge('127.0.0.1:5432', { owner: owner && 'app', ...up }),
                ),
                sinceMs: 2_000,
              },
            },
          }),
    });
    const looks = run(60, here);
    expect(named(looks)).toEqual([]);
    expect(firing(looks, 'http-errors').length).toBeGreaterThan(0);
  }
});

it('goes once it stays up', () => {
  const looks = run(
    130,
    world((t) => (t < 30 ? flaps(t) : up)),
  );
  expect(named(looks).length).toBeGreaterThan(0);
  expect(looks.at(-1)?.findings).toEqual([]);
});
