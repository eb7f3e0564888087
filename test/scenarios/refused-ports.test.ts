import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge, ListenQueue } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { ERROR_500, everyTarget, sockets } from '../helpers/samples.js';

const listener = (port: number, address = '127.0.0.1'): ListenQueue => ({
  ...{ service: null, address, port, queued: 0, backlog: 128 },
});
const refused = (more: Partial<Edge> = {}): Edge =>
  edge('127.0.0.1:9000', { states: {}, failed: 3, opened: 0, processes: ['socat'], ...more });
const host = (one: Edge, ...ports: readonly number[]): World => ({
  sockets: { ...sockets(), listeners: [5000, ...ports].map((port) => listener(port)), edges: edges(one) },
});

/** What is named at the end; everything is read every two seconds. */
const named = (world: World, seconds = 14) =>
  (watch(seconds, (t) => (t % 2 === 0 ? world : {}), allModes()).at(-1)?.findings ?? []).filter(
    ({ state }) => state === 'firing',
  );
const stopped = (world: World, seconds?: number) =>
  named(world, seconds).filter(({ id }) => id === 'service-stopped');

it('the port behind a target that fails, at which nobody listens, is the cause', () => {
  const all = named({ ...everyTarget(ERROR_500, 500), ...host(refused()) });
  expect(all[0]).toMatchObject({
    id: 'service-stopped',
    severity: 'critical',
    title: 'Nothing listens at 127.0.0.1:9000: socat asks for it in vain',
    target: 'socat → 127.0.0.1:9000',
  });
  expect(all.filter(({ explainedBy }) => explainedBy === null)).toHaveLength(1);
});

it('without a target it is a warning', () => {
  expect(stopped(host(refused()))).toMatchObject([{ severity: 'warning' }]);
});

it.each<[string, World, number?]>([
  ['somebody listens there, of another family', host(refused(), 9000)],
  ['others get through', host(refused({ states: { ESTAB: 1 } }))],
  ['some came about meanwhile', host(refused({ opened: 1 }))],
  ['it happened once', host(refused({ failed: 0 }))],
  ['nobody has seen it for long', host(refused()), 3],
  ['it is a database, which has a name of its own', host({ ...refused(), port: 5432 })],
  ['it is away, and what happens there is not seen', host({ ...refused(), peer: '192.0.2.7' })],
])('nothing is said where %s', (_, world, seconds) => {
  expect(stopped(world, seconds)).toEqual([]);
});

it('within a container that runs it is told with that container, unless that has just begun', () => {
  const network = (address: string) => ({ container: { networks: [{ name: 'net', address }] } });
  const services = (ageMs: number) =>
    containerServices({
      front: network('172.18.0.2'),
      store: network('172.18.0.4'),
      'shop-1': { ...network('172.18.0.3'), ageMs },
    });
  const play = (ageMs: number, ...ports: readonly number[]) =>
    stopped({
      sockets: sockets(),
      services: services(ageMs),
      'inside:front': inside('front', {
        sockets: insideSockets({}, { edges: edges({ ...refused(), peer: '172.18.0.3', processes: [] }) }),
      }),
      'inside:shop-1': inside('shop-1', {
        sockets: insideSockets({}, { listeners: ports.map((port) => listener(port, '0.0.0.0')) }),
      }),
    });
  expect(play(60_000)).toMatchObject([
    { title: 'Nothing listens at 172.18.0.3:9000 in shop-1, which runs: front asks for it in vain' },
  ]);
  expect(play(1_000)).toEqual([]);
  expect(play(60_000, 9000)).toEqual([]);
});
