import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Forwarded } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type World, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { ERROR_500, everyTarget, sockets } from '../helpers/samples.js';

const PRIVATE = '172.18.0.2';
const OUTSIDE = '203.0.113.9';
const at = (address: string) => ({ container: { networks: [{ name: 'shop', address, aliases: [] }] } });
const flow = (more: Partial<Forwarded> = {}): Forwarded => ({
  ...{ source: PRIVATE, peer: OUTSIDE, port: 443, syns: 4, answers: 0, wayBack: null },
  ...more,
});
const waits = edge(`${OUTSIDE}:443`, {
  states: { 'SYN-SENT': 2 },
  synSent: { count: 2, retried: 2, mostRetries: 3, ageMs: 4_000 },
});
const front = { 'inside:front': inside('front', { sockets: insideSockets({}, { edges: edges(waits) }) }) };

/** What stands on its own at the end, of a host that forwards these. */
const named = (flows: readonly Forwarded[], more: World = {}) => {
  const world: World = {
    services: containerServices({ front: at(PRIVATE) }),
    sockets: { ...sockets(), forwarded: flows },
  };
  return (
    watch(12, (t) => (t % 2 === 0 ? { ...world, ...front, ...more } : {}), allModes()).at(-1)?.findings ?? []
  ).filter(({ state, explainedBy }) => state === 'firing' && explainedBy === null);
};

it('what leaves under a private address to the outside and is not answered is named, with who asks and whom', () => {
  const all = named([flow()], everyTarget(ERROR_500, 500));
  expect(all).toMatchObject([{ id: 'missing-masquerade', target: `front → this host → ${OUTSIDE}:443` }]);
  expect(all[0]?.severity).toBe('critical');
});

it('a peer of this machine is outside where it knows no way back', () => {
  expect(named([flow({ peer: '10.7.0.9', wayBack: false })])[0]?.id).toBe('missing-masquerade');
});

it('a router that is a container is named, with the client that waits', () => {
  const source = '10.213.99.2';
  const forwarded = [flow({ source, wayBack: false })];
  const all = named([], { 'inside:store': inside('store', { network: 'net:[2]', forwarded }) });
  expect(all[0]).toMatchObject({ id: 'missing-masquerade', subject: { kind: 'workload', id: 'store' } });
  expect(all[0]?.target).toBe(`front → store → ${OUTSIDE}:443`);
});

it.each<[string, readonly Forwarded[]]>([
  ['nothing is forwarded', []],
  ['it is answered', [flow({ answers: 1 })]],
  ['it has only just been sent', [flow({ syns: 1 })]],
  ['others of that source are answered', [flow(), flow({ peer: '203.0.113.77', answers: 3 })]],
  ['the peer answers others under their own addresses', [flow(), flow({ source: '172.18.0.7', answers: 3 })]],
  ['it leaves under a public address', [flow({ source: '198.51.100.7' })]],
  ['the peer knows the way back: something drops it', [flow({ wayBack: true })]],
  ['the peer is private, and nothing is known of it', [flow({ peer: '10.7.0.9' })]],
])('is not named where %s', (_, flows) => {
  expect(named(flows).filter(({ id }) => id === 'missing-masquerade')).toEqual([]);
});
