import { expect, it } from 'vitest';
import type { Edge, HttpFailure } from '../../source/probes/samples.js';
import type { Look } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges } from '../helpers/inside.js';
import { http, sockets } from '../helpers/samples.js';

const BAD_GATEWAY: HttpFailure = { kind: 'status', phase: 'transfer', text: 'status 502' };
const SERVERS = ['10.0.0.3:8080', '10.0.0.4:8080', '10.0.0.5:8080'];
const URL = 'http://127.0.0.1:8090/';

type Away = (server: number, t: number) => boolean;
/** Each is away for four seconds, one after the other, from second 10 on. */
const inTurn: Away = (server, t) => t >= 10 + 14 * server && t < 14 + 14 * server;

/** A balancer of three servers, which others ask twelve times a second; `again`: it asks another one where one refuses. */
const world =
  (
    away: Away,
    {
      again = false,
      owner = 'door',
      fails = away,
    }: { again?: boolean; owner?: string | null; fails?: Away } = {},
  ) =>
  (t: number) => {
    const gone = SERVERS.filter((_, i) => away(i, t)).length;
    const out = SERVERS.map((address, i): Edge => {
      const more = again && gone > 0 && gone < 3 ? 4 : 0;
      const figures = away(i, t) ? { opened: 0, failed: 8 } : { opened: 8 + more, failed: 0 };
      return edge(address, { owner, ...figures });
    });
    const came = edge('10.0.0.9:8090', { owner, direction: 'in', opened: 24, received: 24, sent: 24 });
    const isFelt = !again && [0, 1, 2].some((i) => fails(i, t) && fails(i, t - 1) && t % 3 === 0);
    return {
      'http:GET /': { ...http('GET /', isFelt ? BAD_GATEWAY : undefined, isFelt ? 502 : 200), url: URL },
      ...(t % 2 ? {} : { sockets: { ...sockets(), edges: { ...edges(...out, came), sinceMs: 2_000 } } }),
    };
  };
const named = (looks: readonly Look[]) => firing(looks, 'drain-gap');

it('servers that refuse in turn while the others serve are named at the second, with who sends to them', () => {
  const found = named(run(40, world(inTurn)));
  expect(found[0]?.t).toBeLessThanOrEqual(26);
  expect(found.at(-1)?.finding).toMatchObject({
    subject: { kind: 'workload', id: 'door' },
    target: `door → ${SERVERS.join(', ').replace(/, ([^,]*)$/, ' and $1')}`,
    severity: 'warning',
    title: expect.stringContaining('connections failed, in 3 bursts'),
  });
  expect(found.at(-1)?.finding.ruledOut.map(({ id }) => id)).toContain('flapping-replica');
});

it('where no target feels it, attempts that nobody made good tell it; where they were made good it is no trouble', () => {
  const unfelt = { fails: () => false };
  expect(named(run(60, world(inTurn, unfelt))).length).toBeGreaterThan(0);
  expect(named(run(60, world(inTurn, { again: true })))).toEqual([]);
});

it('of a client whose connections are too short to be seen it is told by the target that feels it', () => {
  const found = named(run(40, world(inTurn, { owner: null })));
  expect(found.at(-1)?.finding.target).toMatch(/^127\.0\.0\.1:8090 → /);
  expect(named(run(60, world(inTurn, { owner: null, fails: () => false })))).toEqual([]);
});

it.each<[string, Away]>([
  ['one restart alone', (server, t) => server === 0 && inTurn(server, t)],
  ['one that comes and goes by itself', (server, t) => server === 0 && t > 10 && t % 10 < 4],
  ['all at once: the way to them', (_server, t) => t >= 20 && t < 24],
  ['one after the other, and none comes back: an outage', (server, t) => t >= 10 + 14 * server],
])('%s is none', (_what, away) => {
  expect(named(run(100, world(away)))).toEqual([]);
});

it('two that come and go by themselves are no deployment for long', () => {
  const twice: Away = (server, t) => server < 2 && t > 10 && (t + 8 * server) % 16 < 4;
  expect(named(run(170, world(twice)).slice(60))).toEqual([]);
});

it('failures at other times as well are not those of a deployment', () => {
  expect(named(run(60, world(inTurn, { owner: null, fails: (_server, t) => t % 9 < 3 })))).toEqual([]);
});

it('goes once the deployment is over', () => {
  const looks = run(120, world(inTurn));
  expect(named(looks).length).toBeGreaterThan(0);
  expect(looks.at(-1)?.findings).toEqual([]);
});
