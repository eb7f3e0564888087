import { expect, it } from 'vitest';
import type { Edge, HttpFailure } from '../../source/probes/samples.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { everyTarget, http, sockets } from '../helpers/samples.js';

const BAD_GATEWAY: HttpFailure = { kind: 'status', phase: 'transfer', text: 'status 502' };
const SERVER = '127.0.0.1:9000';
const cut = (count: number, reset = 0): Partial<Edge> => ({ cut: { count, reset, leastIdleMs: 980 } });

/** What the host's sockets show of one client of the server, every two seconds; every third request to a target fails so. */
const world =
  (of: (t: number) => Partial<Edge>, status: number | null = 200, failure?: HttpFailure) =>
  (t: number) => ({
    ...everyTarget(),
    ...(failure && t % 3 === 0 ? { 'http:GET /': http('GET /', failure, status) } : {}),
    ...(t % 2
      ? {}
      : {
          sockets: {
            ...sockets(),
            edges: {
              ...edges(edge(SERVER, { owner: 'shop', opened: 1, failed: 0, ...of(t) })),
              sinceMs: 2_000,
            },
          },
        }),
  });
const named = (looks: ReturnType<typeof run>) => firing(looks, 'keepalive-race');

it('kept connections that are reset as they are used again are named in two looks, a notice while nobody misses anything', () => {
  const found = named(
    run(
      30,
      world(() => cut(2, 2)),
    ),
  );
  expect(found[0]?.t).toBeLessThanOrEqual(5);
  expect(found.at(-1)?.finding).toMatchObject({
    target: `shop → ${SERVER}`,
    severity: 'notice',
    title: expect.stringContaining(`${SERVER} closes idle connections that shop still uses`),
  });
});

it('that end in order are a race once requests are lost, and the cause of these failures', () => {
  const looks = run(
    40,
    world(() => cut(1), 502, BAD_GATEWAY),
  );
  expect(named(looks).at(-1)?.finding).toMatchObject({ severity: 'warning', explainedBy: null });
  const symptom = looks.at(-1)?.findings.find(({ id }) => id === 'http-errors');
  expect(symptom?.explainedBy).toMatch(/^keepalive-race/);
});

it('an orderly end after a goodbye is none: nothing fails, or otherwise, or its server is a database', () => {
  const status500: HttpFailure = { ...BAD_GATEWAY, text: 'status 500' };
  const database = (t: number) => ({ ...world(() => cut(2), 502, BAD_GATEWAY)(t), ...postgres(t) });
  const postgres = (t: number) =>
    t % 2
      ? {}
      : { sockets: { ...sockets(), edges: { ...edges(edge('10.0.0.3:5432', cut(2))), sinceMs: 2_000 } } };
  for (const one of [world(() => cut(2)), world(() => cut(2), 500, status500), database])
    expect(named(run(40, one))).toEqual([]);
});

it('a crash is none: all connections at once, or new ones that fail as well', () => {
  const once = world((t) => (t === 10 ? cut(20, 20) : {}), 502, BAD_GATEWAY);
  const refused = world(() => ({ ...cut(2, 2), failed: 3 }), 502, BAD_GATEWAY);
  for (const one of [once, refused]) expect(named(run(40, one))).toEqual([]);
});

it('names who hands the close on in the same finding, and one for each client', () => {
  const looks = run(20, (t) =>
    t % 2
      ? {}
      : {
          sockets: {
            ...sockets(),
            edges: { ...edges(edge('127.0.0.1:9001', cut(1, 1)), edge(SERVER, cut(2, 2))), sinceMs: 2_000 },
          },
          'inside:web': inside('web', {
            sockets: insideSockets(
              {},
              { edges: { ...edges(edge('10.0.0.9:80', cut(2, 2))), sinceMs: 2_000 } },
            ),
          }),
        },
  );
  const last = named(looks).filter(({ t }) => t === 20);
  expect(last.map(({ finding }) => finding.target).sort()).toEqual([
    `a client of this host → ${SERVER}`,
    'web → 10.0.0.9:80',
  ]);
  const host = last.find(({ finding }) => finding.target.startsWith('a client'));
  expect(host?.finding.explanation.join('\n')).toContain('127.0.0.1:9001');
});

it('goes once it has stopped', () => {
  const looks = run(
    80,
    world((t) => (t < 20 ? cut(2, 2) : {})),
  );
  expect(named(looks).length).toBeGreaterThan(0);
  expect(looks.at(-1)?.findings).toEqual([]);
});
