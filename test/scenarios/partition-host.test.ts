import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { type Edge, UNKNOWN_EDGE } from '../../source/probes/edges/sample.js';
import type { HttpFailure, ListenQueue } from '../../source/probes/samples.js';
import { containerServices, gone } from '../helpers/container-world.js';
import { type Look, type World, watch } from '../helpers/history.js';
import { http, kernel, sockets } from '../helpers/samples.js';

const PEER = '10.7.0.2';
const edge = (over: Partial<Edge>): Edge => ({
  ...UNKNOWN_EDGE,
  peer: PEER,
  port: 8080,
  sent: 0,
  resent: 0,
  ...over,
});
const waiting = (count: number, mostRetries: number): Edge =>
  edge({
    states: { 'SYN-SENT': count },
    synSent: { count, retried: count, mostRetries, ageMs: 1000 * mostRetries },
    ...{ opened: 0, lateOpened: 0 },
  });
const seen = (list: readonly Edge[], listeners: readonly ListenQueue[] = []): World => ({
  sockets: { ...sockets(), listeners, edges: { sinceMs: 2_000, sampled: 1, list, left: 0 } },
});
const NO_SYN: HttpFailure = { kind: 'timeout', phase: 'connect', text: 'no connect after 5.0 s' };
const NO_WAY: HttpFailure = { kind: 'unreachable', phase: 'connect', text: 'no route leads to 10.7.0.2' };
const target = (failure?: HttpFailure) => ({
  'http:GET it': { ...http('GET it', failure), url: `http://${PEER}:8080/`, address: PEER },
});

const named = (looks: readonly Look[]) =>
  looks.flatMap(({ t, findings }) =>
    findings.filter(({ id, state }) => id === 'partition' && state === 'firing').map((one) => ({ t, one })),
  );
const run = (seconds: number, world: (t: number) => World) => watch(seconds, world, allModes());

it('connections whose SYN nobody answers are named at once, with whom they lead to', () => {
  const [first] = named(run(10, () => seen([waiting(8, 4)])));
  expect(first?.t).toBeLessThanOrEqual(4);
  expect(first?.one).toMatchObject({ severity: 'critical', target: `this host → ${PEER}:8080` });
});

it('a lost SYN is none, nor is one beside connections that come about', () => {
  expect(named(run(20, () => seen([waiting(3, 1)])))).toEqual([]);
  expect(named(run(20, () => seen([waiting(9, 1), edge({ owner: 'web', opened: 5 })])))).toEqual([]);
  expect(named(run(20, () => seen([waiting(9, 1)])))[0]?.t).toBeLessThanOrEqual(4);
  expect(named(run(20, () => seen([waiting(3, 4), edge({ owner: 'web', opened: 5 })])))).toEqual([]);
});

it('clients that give up one after the other count together, refused ones do not', () => {
  const impatient = { ...waiting(1, 1), failed: 2 };
  expect(named(run(20, () => seen([impatient])))[0]?.t).toBeLessThanOrEqual(12);
  expect(named(run(20, () => seen([impatient, edge({ owner: 'web', opened: 1 })])))).toEqual([]);
  expect(named(run(20, () => seen([edge({ opened: 0, failed: 5 })])))).toEqual([]);
});

it('what one process asks of many that nobody knows is a scan, and what another misses beside it is none', () => {
  const scan = [...Array(12)].map((_, i) => ({
    ...waiting(1, 2),
    ...{ peer: `10.7.1.${i + 2}`, processes: ['nmap'] },
  }));
  expect(named(run(20, () => seen(scan)))).toEqual([]);
  const beside = named(run(20, () => seen([...scan, { ...waiting(4, 3), processes: ['java'] }])));
  expect(new Set(beside.map(({ one }) => one.target))).toEqual(new Set([`this host → ${PEER}:8080`]));
});

it('a full listener, or one that drops, is none', () => {
  const queue = { service: null, address: '0.0.0.0', port: 8080, queued: 9, backlog: 8 };
  const local = { ...waiting(8, 4), peer: '127.0.0.1' };
  expect(named(run(20, () => seen([local], [queue])))).toEqual([]);
  const drops = (t: number) => ({ kernel: kernel({ 'TcpExt.ListenDrops': 30 * t }) });
  expect(named(run(20, (t) => ({ ...seen([local], [{ ...queue, queued: 0 }]), ...drops(t) })))).toEqual([]);
  expect(named(run(20, () => seen([local], [{ ...queue, queued: 0 }]))).length).toBeGreaterThan(0);
});

it('a target whose SYN nobody answers, or that no way leads to, is one by itself, and its failing stands below', () => {
  for (const failure of [NO_SYN, NO_WAY]) {
    const looks = run(20, () => ({ ...seen([]), ...target(failure) }));
    expect(named(looks).length).toBeGreaterThan(0);
    const errors = looks.at(-1)?.findings.find(({ id }) => id === 'http-errors');
    expect(errors?.explainedBy).toContain('partition');
  }
  expect(named(run(20, () => ({ ...seen([]), ...target() })))).toEqual([]);
});

it('says that the same peer answers elsewhere', () => {
  const found = named(run(10, () => seen([waiting(8, 4), edge({ port: 9000, received: 40 })])));
  expect(found.at(-1)?.one.explanation.join()).toContain('the same peer answers at port 9000');
});

it('a peer that no way leads to at one port, and that answers at another, is rejected by a firewall', () => {
  const looks = run(10, () => ({ ...seen([edge({ port: 9000, received: 40 })]), ...target(NO_WAY) }));
  expect(named(looks).at(-1)?.one.title).toBe(
    `Partition: a firewall rejects what this host sends to ${PEER}:8080, which answers at port 9000`,
  );
});

it('a target that listens and is refused is rejected by a firewall, and nothing has stopped', () => {
  const refused: HttpFailure = { kind: 'refused', phase: 'connect', text: 'connection refused' };
  const findings = (failure: HttpFailure) =>
    (run(20, () => ({ ...seen([]), ...target(failure) })).at(-1)?.findings ?? []).filter(
      ({ state, explainedBy }) => state === 'firing' && explainedBy === null,
    );
  const [rejected, ...others] = findings({ ...refused, listens: true });
  expect(others).toEqual([]);
  expect(rejected?.id).toBe('partition');
  expect(rejected?.title).toBe(
    `Partition: a firewall rejects what this host sends to ${PEER}:8080, which listens`,
  );
  const [stopped] = findings(refused);
  expect(stopped?.id).toBe('service-stopped');
  expect(stopped?.title).toBe(
    `${PEER}:8080 refuses every connection: nothing listens there, or a firewall rejects it`,
  );
});

it('no way to where a container was whose engine forgot its address, and took the bridge with it, is its end', () => {
  const networks = [{ name: 'shop', address: null, aliases: [] }];
  const world = (store: Parameters<typeof containerServices>[0]) => ({
    ...seen([]),
    services: containerServices(store),
    ...target(NO_WAY),
  });
  const { container, ...ended } = gone(137, 'killed (SIGKILL)');
  expect(named(run(10, () => world({ store: { ...ended, container: { ...container, networks } } })))).toEqual(
    [],
  );
  expect(named(run(10, () => world({})))).not.toEqual([]);
});
