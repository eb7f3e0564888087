import { expect, it } from 'vitest';
import type { Edge } from '../../source/probes/samples.js';
import type { Look } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges } from '../helpers/inside.js';
import { sockets } from '../helpers/samples.js';

const STOCK = '10.0.0.5:9000';
const ASKS = { sent: 0, received: 0, opened: 0, failed: 0 };

/** What came to a shop since the look before, and what it asked its stock for that. */
const shop = (came: number, asked: Partial<Edge>, over: Partial<Edge> = {}): Edge[] => [
  edge(STOCK, { owner: 'shop', ...ASKS, ...asked, ...over }),
  edge('10.0.0.9:8080', {
    ...{ owner: 'shop', direction: 'in', opened: came, sent: came, received: came },
  }),
];
/** Six attempts for each of eight requests a second, of which a few are answered. */
const storm = shop(16, { opened: 96, sent: 96, givenUp: 90, received: 6 });
const well = shop(16, { opened: 16, sent: 16, received: 16 });

const host = (list: (t: number) => readonly Edge[], seconds = 40) =>
  run(seconds, (t) => (t % 2 === 0 ? { sockets: { ...sockets(), edges: edges(...list(t)) } } : {}));
const named = (looks: readonly Look[]) => firing(looks, 'retry-storm');

it('many attempts for each request, mostly in vain, at a server that works: named at once, with who asks', () => {
  const found = named(host(() => storm));
  expect(found[0]?.t).toBeLessThanOrEqual(8);
  expect(found.at(-1)?.finding).toMatchObject({
    subject: { kind: 'listener', id: STOCK },
    target: `shop → ${STOCK}`,
    severity: 'warning',
    title: `shop tries again without end at ${STOCK}: 6.0 attempts for each request, 93.8 % in vain`,
  });
  expect(found.at(-1)?.finding.ruledOut.map(({ id }) => id)).toContain('service-hung');
});

it('after a good time it is named within 10 s, and goes once each request is asked for once', () => {
  const looks = host((t) => (t > 20 && t < 60 ? storm : well), 100);
  expect(named(looks)[0]?.t).toBeLessThanOrEqual(30);
  expect(looks.at(-1)?.findings).toEqual([]);
});

it('a server whose answers come too late for everybody works, as what it sends shows', () => {
  const late = shop(16, { opened: 96, sent: 96, givenUp: 96 });
  const itsOwn = (sent: number) =>
    edge('10.0.0.2:9000', { owner: 'stock', direction: 'in', opened: 96, received: 96, sent });
  const here = (sent: number) =>
    host(() => [
      ...late.map((one) => (one.direction === 'out' ? { ...one, peer: '127.0.0.1' } : one)),
      itsOwn(sent),
    ]);
  expect(named(here(40)).length).toBeGreaterThan(0);
  expect(named(here(0))).toEqual([]);
});

it('two callers of one server are one storm; processes that are no workload are told by their sockets', () => {
  const second = storm.map((one) => ({ ...one, owner: 'kiosk' }));
  expect(named(host(() => [...storm, ...second])).at(-1)?.finding.target).toBe(`shop and kiosk → ${STOCK}`);
  const process = storm.map((one) => ({ ...one, owner: null, pids: [7], processes: ['python3'] }));
  expect(named(host(() => process)).at(-1)?.finding.target).toBe(`python3 → ${STOCK}`);
});

it.each<[string, readonly Edge[]]>([
  ['one attempt for each request', well],
  [
    'a surge that is too much: one attempt each, all given up',
    shop(96, { opened: 96, givenUp: 90, received: 6 }),
  ],
  ['many calls for each request by design', shop(16, { opened: 96, sent: 96, received: 96 })],
  ['the same while some of them are given up', shop(16, { opened: 96, sent: 96, received: 48, givenUp: 48 })],
  ['a server that sends nothing at all: it hangs', shop(16, { opened: 96, sent: 96, givenUp: 96 })],
  ['one that refuses: nobody is there', shop(16, { failed: 96 })],
  ['health checks of a server that does not answer in time', shop(1, { opened: 4, givenUp: 4, received: 1 })],
  ['requests over connections that are kept', shop(16, { opened: 2, sent: 96, received: 90, givenUp: 2 })],
  [
    'many requests on one connection that came',
    [
      ...shop(0, { opened: 20, givenUp: 10, received: 10 }).slice(0, 1),
      edge('10.0.0.9:8080', { owner: 'shop', direction: 'in', opened: 0, received: 20, sent: 20 }),
    ],
  ],
  ['a worker without callers', shop(16, { opened: 96, givenUp: 90, received: 6 }).slice(0, 1)],
])('%s is none', (_what, list) => {
  expect(named(host(() => list))).toEqual([]);
});
