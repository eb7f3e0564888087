import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type Look, watch } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { sockets } from '../helpers/samples.js';

const STORE = '10.0.0.5:5432';
const asked = (count: number, longestMs: number) => ({ unanswered: { count, longestMs } });
const owed = (count: number, longestMs: number) => ({ owed: { count, longestMs } });
/** A pool of `open` connections of which `busy` wait for an answer, and as many callers as are said. */
const pool = (open: number, busy: number, callers: number, over: Partial<Edge> = {}): Edge[] => [
  edge(STORE, {
    owner: 'shop',
    states: { ESTAB: open },
    sent: 9,
    received: 9,
    ...asked(busy, 1_500),
    ...over,
  }),
  came(callers),
];
const came = (callers: number, over: Partial<Edge> = {}): Edge =>
  edge('10.0.0.9:8080', {
    ...{ owner: 'shop', direction: 'in', states: { ESTAB: callers }, sent: 9, received: 9 },
    ...(callers > 0 ? owed(callers, 3_800) : {}),
    ...over,
  });
const host = (list: (t: number) => readonly Edge[], seconds = 40) =>
  run(seconds, (t) => (t % 2 === 0 ? { sockets: { ...sockets(), edges: edges(...list(t)) } } : {}));
const named = (looks: readonly Look[]) => firing(looks, 'pool-exhaustion');

it('a pool that is busy in every look while callers queue is named at its owner, with what it is towards', () => {
  const found = named(host(() => pool(3, 3, 17)));
  expect(found[0]?.t).toBeLessThanOrEqual(10);
  expect(found.at(-1)?.finding).toMatchObject({
    subject: { kind: 'workload', id: 'shop' },
    target: `shop → ${STORE}`,
    severity: 'warning',
    title: `shop has used up its pool of 3 connections to ${STORE}: 14 callers wait for one`,
  });
  expect(found.at(-1)?.finding.ruledOut.map(({ id }) => id)).toContain('service-hung');
});

it('requests that are all given up before their answer are one, too: their connections are made anew', () => {
  const found = named(host(() => pool(3, 3, 17, { received: 0, opened: 4, closed: 4 })));
  expect(found.length).toBeGreaterThan(0);
  expect(found.at(-1)?.finding.ruledOut.map(({ because }) => because)).not.toContain(`${STORE} answers`);
});

it('a look in which some connections were between two requests ends nothing, two in a row do', () => {
  const pauses = (beat: readonly number[]) => host((t) => pool(4, beat[(t / 2) % beat.length] ?? 4, 20));
  expect(named(pauses([4, 4, 1, 4]))).not.toEqual([]);
  expect(named(pauses([4, 1, 1]))).toEqual([]);
});

it('inside a container it is the container, and towards another one by name, within 12 s', () => {
  const at = (address: string) => ({ container: { networks: [{ name: 'n', address, aliases: [] }] } });
  const services = containerServices({ shop: at('10.0.0.3'), store: at('10.0.0.5') });
  const looks = watch(
    20,
    (t) => ({
      services,
      ...(t % 5 === 1
        ? {
            'inside:shop': inside('shop', {
              sockets: insideSockets({ LISTEN: 1 }, { edges: edges(...pool(3, 3, 17, { owner: null })) }),
            }),
          }
        : {}),
    }),
    allModes(),
  );
  const [first] = named(looks);
  expect(first?.t).toBeLessThanOrEqual(12);
  expect(first?.finding.target).toBe('shop → store');
});

it('of a process that is no workload is told by its sockets: callers of another process are not its own', () => {
  const of = (pid: number, list: readonly Edge[]): Edge[] =>
    list.map((one) => ({ ...one, owner: null, pids: [pid], processes: ['python3'] }));
  const [towards] = of(7, pool(3, 3, 0));
  expect(named(host(() => of(7, pool(3, 3, 17)))).at(-1)?.finding.target).toBe(`python3 → ${STORE}`);
  expect(named(host(() => [towards as Edge, ...of(8, [came(17)])]))).toEqual([]);
});

it.each<[string, (t: number) => readonly Edge[]]>([
  ['a pool with room', () => pool(10, 3, 3)],
  [
    'as many callers as requests under way: long polls, a slow server, a lock in a database',
    () => pool(9, 9, 9),
  ],
  ['one connection', () => pool(1, 1, 17)],
  ['a load that goes up and down', (t) => pool(2 + (t % 8), 2 + (t % 8), 20)],
  ['a server that is silent', () => pool(3, 3, 17, { received: 0 })],
  ['callers that wait no longer than the requests for them', () => pool(3, 3, 17, asked(3, 3_700))],
  ['callers that are answered quickly', () => [...pool(3, 3, 0), came(17, owed(17, 200))]],
  [
    'callers that wait for another server',
    () => [...pool(3, 3, 17), edge('10.0.0.6:80', { owner: 'shop', ...asked(14, 900) })],
  ],
  ['workers without callers', () => pool(3, 3, 0)],
  [
    'its own requests on a loopback, that come in a second time',
    () => [
      edge('127.0.0.1:8080', { owner: 'shop', states: { ESTAB: 3 }, received: 9, ...asked(3, 900) }),
      came(17),
    ],
  ],
])('%s is none', (_what, list) => {
  expect(named(host(list))).toEqual([]);
});

it('a wait for names is none, and it goes once a connection is free', () => {
  const looks = (askers: number) =>
    run(40, (t) =>
      t % 2 === 0 ? { sockets: { ...sockets({ askers }), edges: edges(...shopless(pool(3, 3, 17))) } } : {},
    );
  const shopless = (list: readonly Edge[]): Edge[] => list.map((one) => ({ ...one, owner: null, pids: [7] }));
  expect(named(looks(16))).toEqual([]);
  expect(named(looks(0))).not.toEqual([]);
  const mended = host((t) => (t < 20 ? pool(3, 3, 17) : pool(9, 4, 4)), 60);
  expect(mended.at(-1)?.findings).toEqual([]);
});
