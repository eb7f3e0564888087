import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Edge, WorkloadEvent } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { START, type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets, lookups } from '../helpers/inside.js';
import { dns, ERROR_500, everyTarget, sockets } from '../helpers/samples.js';

const network = (address: string) => ({ container: { networks: [{ name: 'shop', address, aliases: [] }] } });
/** The targets are served by none of them. */
const services = (more: Readonly<Record<string, ReturnType<typeof network>>> = {}) =>
  containerServices({
    front: { ...network('172.18.0.2'), ports: [] },
    'shop-1': network('172.18.0.5'),
    ...more,
  });
const destroyed = (workload: string, more: Partial<WorkloadEvent> = {}): WorkloadEvent => ({
  ...{ at: START - 60_000, workload, action: 'destroy', detail: '' },
  ...more,
});
/** Three connections wait at an address of a network of containers; what ARP says of it is a minute old, or nothing. */
const waits = (more: Partial<Edge> = {}): Edge =>
  edge('172.18.0.9:8080', {
    states: { 'SYN-SENT': 3 },
    synSent: { count: 3, retried: 2, mostRetries: 1, ageMs: 1_000 },
    wire: { device: 'br-0123456789ab', answers: true },
    ...more,
  });
const host = (...list: readonly Edge[]): World => ({
  sockets: { ...sockets(), edges: { ...edges(...list), sinceMs: 2_000 } },
});

/** What stands on its own at the end. */
const named = (world: World) =>
  (
    watch(12, (t) => (t % 2 === 0 ? { services: services(), ...world } : {}), allModes()).at(-1)?.findings ??
    []
  ).filter(({ state, explainedBy }) => state === 'firing' && explainedBy === null);
const stale = (world: World) => named(world).filter(({ id }) => id === 'stale-dns');

it('a container that was removed while it was watched is named by the address that is still asked at', () => {
  const events = { events: [destroyed('web-2', { addresses: ['172.18.0.9'] })], lost: 0 };
  const all = named({ ...everyTarget(ERROR_500, 500), ...host(waits()), events });
  expect(all).toMatchObject([
    { id: 'stale-dns', severity: 'critical', subject: { kind: 'workload', id: 'web-2' } },
  ]);
  expect(all[0]?.title).toMatch(/^web-2 was removed .* ago, and this host still asks for it$/);
});

it('one that was removed before is named where it alone can have stood there, and several as those that may have', () => {
  const two = [destroyed('web-2'), destroyed('web-3')];
  expect(stale({ ...host(waits()), events: { events: two.slice(0, 1), lost: 0 } })).toMatchObject([
    { subject: { kind: 'workload', id: 'web-2' } },
  ]);
  expect(stale({ ...host(waits()), events: { events: two, lost: 0 } })[0]?.title).toContain(
    'it was that of web-2 or web-3',
  );
  expect(stale({ ...host(waits()), events: { events: [], lost: 0 } })[0]?.title).toContain(
    'no container has it',
  );
});

it('without an engine is told on a wire of this machine alone, with the name that still gives it', () => {
  const silent = waits({ wire: { device: 'v-shop', answers: false, closed: true } });
  const lookup = dns({ ms: 2, name: 'shop.test' });
  const names = lookup.names.map((one) => ({
    ...one,
    steps: one.steps.map((step) => (step.qtype === 'A' ? { ...step, addresses: ['172.18.0.9'] } : step)),
  }));
  const world = { ...host(silent), dns: { ...lookup, names } };
  const looks = watch(12, (t): World => (t % 2 === 0 ? world : {}), allModes());
  const found = (looks.at(-1)?.findings ?? []).filter(
    ({ state, explainedBy }) => state === 'firing' && explainedBy === null,
  );
  expect(found).toMatchObject([{ id: 'stale-dns', target: 'this host → 172.18.0.9:8080' }]);
  expect(found[0]?.title).toContain('shop.test still gives it');
});

it('is told by its name, too, and who asks for it', () => {
  const asked = lookups('front', {
    names: dns({ outcome: 'NXDOMAIN', ms: 1, name: 'cellar' }).names.map((one) => ({
      ...one,
      ...{ learnt: true, resolver: '127.0.0.11:53' },
    })),
  });
  const events = { events: [destroyed('proj-cellar-1', { names: ['cellar'] })], lost: 0 };
  const all = named({ sockets: sockets(), events, 'dns:front': asked });
  expect(all).toMatchObject([{ id: 'stale-dns', subject: { id: 'proj-cellar-1' } }]);
  expect(all[0]?.title).toContain('and front still asks for it');
});

it('within a container is told by its neighbour that answers no ARP', () => {
  const shown = waits({
    wire: { device: 'eth0', answers: false },
    synSent: { ...waits().synSent, retried: 0 },
  });
  const world = {
    sockets: sockets(),
    'inside:front': inside('front', { sockets: insideSockets({}, { edges: edges(shown) }) }),
  };
  expect(stale(world)[0]).toMatchObject({ target: 'front → 172.18.0.9:8080' });
});

/** `shop.test` gives these now, and gave the old address until half a minute ago. */
function moved(to: readonly string[], more: { at?: number } = {}): World {
  const lookup = dns({ ms: 2, name: 'shop.test' });
  const names = lookup.names.map((one) => ({
    ...one,
    former: [{ address: '172.18.0.9', at: START - 30_000, ...more }],
    steps: one.steps.map((step) => (step.qtype === 'A' ? { ...step, addresses: to } : step)),
  }));
  return { dns: { ...lookup, names } };
}
const onLan = (more: Partial<Edge> = {}): Edge => ({
  ...waits(more),
  wire: { device: 'eth0', answers: true },
});

it('a name that moved is told with its old and its new address, wherever that is', () => {
  const found = stale({ ...moved(['172.18.0.5']), ...host(onLan()) });
  expect(found).toMatchObject([{ target: 'this host → 172.18.0.9:8080', subject: { kind: 'listener' } }]);
  expect(found[0]?.title).toBe(
    'shop.test moved from 172.18.0.9 to 172.18.0.5, and this host still asks at the old address',
  );
  expect(found[0]?.fix.some(({ text }) => text.includes('shop.test'))).toBe(true);
});

it('refused attempts at an address that another one has been given are told with who has it', () => {
  const services = containerServices({
    'shop-1': network('172.18.0.5'),
    store: { ...network('172.18.0.9'), ports: [], ageMs: 20_000 },
  });
  const refused = edge('172.18.0.9:8080', { states: {}, failed: 3 });
  const events = { events: [destroyed('shop-1', { addresses: ['172.18.0.9'] })], lost: 0 };
  const found = stale({ ...host(refused), services, events });
  expect(found[0]?.title).toBe(
    'shop-1 moved from 172.18.0.9 to 172.18.0.5, and this host still asks at the old address, which store has now',
  );
});

it('who is answered at the old address by somebody that came later is told as well', () => {
  const services = containerServices({ store: { ...network('172.18.0.9'), ageMs: 20_000 } });
  const answered = edge('172.18.0.9:8080', { opened: 2, received: 5 });
  const found = stale({ ...moved(['172.18.0.5']), ...host(answered), services });
  expect(found[0]?.evidence.some(({ value }) => value.includes('taken by store'))).toBe(true);
});

it.each<[string, World]>([
  ['the name still gives the old address, too', { ...moved(['172.18.0.9', '172.18.0.5']), ...host(onLan()) }],
  ['nobody asks there', { ...moved(['172.18.0.5']), ...host(edge('172.18.0.5:8080')) }],
  [
    'who asks there is answered by who was there before',
    {
      ...moved(['172.18.0.5']),
      ...host(edge('172.18.0.9:8080', { opened: 2, received: 5 })),
      services: containerServices({ store: { ...network('172.18.0.9'), ageMs: 900_000 } }),
    },
  ],
  ['an open connection is left to end', { ...moved(['172.18.0.5']), ...host(edge('172.18.0.9:8080')) }],
  [
    'its SYN was sent before it moved, not long ago',
    {
      ...moved(['172.18.0.5'], { at: START - 2_000 }),
      ...host(onLan({ synSent: { count: 1, retried: 1, mostRetries: 3, ageMs: 14_000 } })),
    },
  ],
  ['it moved only just', { ...moved(['172.18.0.5'], { at: START + 11_000 }), ...host(onLan()) }],
])('a name that moved is nothing to tell where %s', (_, world) => {
  expect(stale({ sockets: sockets(), ...world })).toEqual([]);
});

it.each<[string, World]>([
  [
    'nobody asks for it',
    { events: { events: [destroyed('web-2', { addresses: ['172.18.0.9'] })], lost: 0 } },
  ],
  [
    'it is back under its name',
    {
      ...host(edge('172.18.0.9:8080', { received: 5 })),
      events: { events: [destroyed('front', { addresses: ['172.18.0.9'] })], lost: 0 },
    },
  ],
  ['the wire is none of an engine', host(waits({ wire: { device: 'eth0', answers: false } }))],
  ['its SYN waits for the first time', host(waits({ synSent: { ...waits().synSent, retried: 0 } }))],
  ['it is the gateway', host({ ...waits(), peer: '172.18.0.1' })],
  [
    'a container has it that is well',
    { ...host(waits()), services: services({ 'shop-2': network('172.18.0.9') }) },
  ],
])('nothing is said where %s', (_, world) => {
  expect(stale({ sockets: sockets(), ...world })).toEqual([]);
});
