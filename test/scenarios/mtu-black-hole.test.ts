import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge, HttpFailure } from '../../source/probes/samples.js';
import { type World, watch } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { everyTarget, HANG, http, sockets } from '../helpers/samples.js';

const stuck = (more: Partial<NonNullable<Edge['stuckFull']>> = {}): Edge['stuckFull'] => ({
  ...{ count: 4, bytes: 1_448, sinceMs: 9_000, lastTryMs: 1_200 },
  ...more,
});
/** An edge of a server whose clients ask for long and for short answers, looked at every two seconds. */
const asked = (more: Partial<Edge> = {}): Edge =>
  edge('10.8.0.5:8080', {
    ...{ direction: 'in', near: true, states: { ESTAB: 6 }, pathMtu: 1_500, stalled: 4, stuckFull: stuck() },
    ...{ opened: 4, lateOpened: 0, failed: 0, sent: 20, resent: 6, received: 4, outOfOrder: 0 },
    ...more,
  });
const held = (...list: readonly Edge[]) => ({ sockets: { ...sockets(), edges: edges(...list) } });
const world =
  (of: (t: number) => World) =>
  (t: number): World => ({ ...everyTarget(), ...(t % 2 ? {} : of(t)) });
const named = (looks: ReturnType<typeof run>) =>
  looks.flatMap(({ t, findings }) =>
    findings
      .filter((one) => one.id === 'mtu-black-hole' && one.state === 'firing')
      .map((finding) => ({ t, finding })),
  );
const played = (seconds: number, of: (t: number) => World) => watch(seconds, world(of), allModes());

it('full segments that nobody acknowledges while small packets arrive are named at the second look', () => {
  const found = named(played(8, () => held(asked())));
  expect(found[0]?.t).toBeLessThanOrEqual(4);
  expect(found.at(-1)?.finding).toMatchObject({
    severity: 'warning',
    subject: { kind: 'connection', id: 'large packets of this host' },
    title: 'Large packets from this host to 10.8.0.5 get lost on the way, small ones arrive',
  });
});

it('within a container it is that one, and where less fits into a packet than is sent', () => {
  const looks = played(10, () => ({
    'inside:files': inside('files', { sockets: insideSockets({}, { edges: edges(asked()) }), network: 'a' }),
    'inside:other': inside('other', {
      network: 'b',
      interfaces: [{ name: 'tun0', mtu: 1_300, up: true, running: true, loopback: false }],
    }),
  }));
  const [finding] = named(looks).slice(-1);
  expect(finding?.finding.target).toBe('files → 10.8.0.5');
  // Nothing says that the other one is on the way.
  expect(JSON.stringify(finding?.finding.evidence)).not.toContain('1300');
});

it('what its segments cost is its effect: data sent again of this host, and loss on the way', () => {
  const looks = played(40, (t) =>
    t < 10 ? held(asked({ stuckFull: undefined, bulk: 2, resent: 0 } as Partial<Edge>)) : held(asked()),
  );
  const others = looks.at(-1)?.findings.filter(({ id }) => id !== 'mtu-black-hole') ?? [];
  expect(named(looks).length).toBeGreaterThan(0);
  expect(others.filter(({ explainedBy }) => !explainedBy?.startsWith('mtu-black-hole'))).toEqual([]);
});

it.each<[string, Partial<Edge>]>([
  ['large ones arrive as well: some are lost', { bulk: 2 }],
  ['nothing small arrives either: a partition', { opened: 0, received: 0 }],
  ['openings are lost as well: loss of any packet', { lateOpened: 2 }],
  ['a single one, whose peer may have gone', { stuckFull: stuck({ count: 1 }) as never }],
  ['what waits is small: a connection that is forgotten', { stuckFull: undefined as never }],
  ['segments that pass any way', { stuckFull: stuck({ bytes: 1_100 }) as never }],
  [
    'nobody came through since they were last sent',
    { stuckFull: stuck({ lastTryMs: 60_000, sinceMs: 90_000 }) as never },
  ],
  [
    'two clients from afar that have gone, behind one address',
    { near: undefined as never, stuckFull: stuck({ count: 2 }) as never },
  ],
])('is not named: %s', (_what, more) => {
  expect(named(played(30, () => held(asked(more))))).toEqual([]);
});

const STOPS: HttpFailure = { kind: 'timeout', phase: 'transfer', text: 'the answer began and then stopped' };
const SMALL: HttpFailure = { ...STOPS, onlySmall: { times: 3, segment: 536, bytes: 200_000 } };
const answers =
  (failure: HttpFailure) =>
  (t: number): World => ({
    ...(t % 2 ? {} : { 'http:GET /big': { ...http('GET /big', failure, 200), url: 'http://10.9.1.2/big' } }),
  });

it('an answer that comes in small segments alone is named with no socket at all, and explains that it fails', () => {
  const looks = watch(20, answers(SMALL), allModes());
  const last = looks.at(-1)?.findings ?? [];
  expect(last.find(({ id }) => id === 'mtu-black-hole')).toMatchObject({
    state: 'firing',
    severity: 'critical',
    target: '10.9.1.2:80 → this host',
  });
  expect(last.find(({ id }) => id === 'http-errors')?.explainedBy).toMatch(/^mtu-black-hole/);
});

it('one that does not, or hangs whatever its segments, is none', () => {
  for (const failure of [STOPS, HANG]) expect(named(watch(30, answers(failure), allModes()))).toEqual([]);
});

it('goes once large ones are acknowledged', () => {
  const looks = run(
    60,
    world((t) => held(t < 20 ? asked() : asked({ stuckFull: undefined as never, bulk: 3 }))),
  );
  expect(firing(looks, 'mtu-black-hole').length).toBe(0);
  const all = played(60, (t) => held(t < 20 ? asked() : asked({ stuckFull: undefined as never, bulk: 3 })));
  expect(named(all).length).toBeGreaterThan(0);
  expect(all.at(-1)?.findings.filter(({ id }) => id === 'mtu-black-hole')).toEqual([]);
});
