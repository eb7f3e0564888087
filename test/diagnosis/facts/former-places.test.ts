import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import { edges } from '../../../source/diagnosis/facts/edges.js';
import { formerly } from '../../../source/diagnosis/facts/former-places.js';
import { serviceAt } from '../../../source/diagnosis/facts/services.js';
import { containerServices, event, eventsAt, gone } from '../../helpers/container-world.js';
import { play, type World, watch } from '../../helpers/history.js';
import {
  cell,
  edge,
  edges as edgesOf,
  inside,
  insideSockets,
  lookups,
  matrix,
} from '../../helpers/inside.js';
import { dns, ERROR_500, http } from '../../helpers/samples.js';

const on = (address: string | null, ...aliases: string[]) => ({
  name: 'shop',
  address,
  aliases,
});

/** The store has ended; another container may have its address by now, and somebody asks next to it. */
const world = (
  store: { readonly formerAddress?: string },
  other: string,
  events: Parameters<typeof eventsAt>[1] = [],
): World => ({
  services: containerServices({
    front: { container: { networks: [on('172.18.0.5')] } },
    'shop-1': { container: { networks: [on(other)] } },
    'shop-2': { container: { networks: [on('172.18.0.9')] } },
    store: {
      ...gone(137, 'killed (SIGKILL)'),
      container: { networks: [{ ...on(null), ...store }] },
    },
  }),
  ...eventsAt(1, events),
  matrix: {
    ...matrix([cell('front', '172.18.0.3:11211', { outcome: 'timeout', because: 'seen' })]),
    targets: [],
  },
  'inside:front': inside('front', {
    sockets: insideSockets({}, { edges: edgesOf(edge('172.18.0.2:3306')) }),
  }),
});

describe('a former address', () => {
  it.each([
    ['nobody has by now is still the one that ended', '172.18.0.4', 'store'],
    ['another container has by now is that one', '172.18.0.2', 'shop-1'],
  ])('that %s', (_, other, owner) => {
    const history = play(1, () => world({ formerAddress: '172.18.0.2' }, other));
    expect(serviceAt(history, '172.18.0.2:3306')?.name).toBe(owner);
    expect(edges(history).map(({ peerName }) => peerName)).toEqual([owner]);
  });

  it('that nobody has may be that of the one that ended, unless another one moved', () => {
    const back = [
      event(1, 'shop-1', 'disconnect', 'network shop'),
      event(1, 'shop-1', 'connect', 'network shop'),
    ];
    const of = (events: Parameters<typeof eventsAt>[1]) => {
      const history = play(1, () => world({}, '172.18.0.2', events));
      return formerly(
        history,
        containerServices({ store: { container: { networks: [on(null)] } } }).services[3]?.container,
      );
    };
    expect(of([])).toEqual(['172.18.0.3:11211']);
    expect(of(back)).toEqual([]);
  });
});

it('a name that nobody bears any more is not the doing of a container whose names are known', () => {
  const target = (name: string, host: string) => ({
    ...http(name, ERROR_500, 500),
    url: `http://${host}:8080/`,
  });
  const roots = (aliases: readonly string[]) =>
    watch(
      20,
      (t) => ({
        services: containerServices({
          front: { container: { networks: [on('172.18.0.5')] } },
          'shop-1': { container: { networks: [on('172.18.0.4')] } },
          'shop-2': { container: { networks: [on('172.18.0.2')] } },
          store: { ...gone(137, 'killed (SIGKILL)'), container: { networks: [on(null, ...aliases)] } },
        }),
        ...eventsAt(t, [event(1, 'store', 'kill', 'signal 9'), event(1, 'store', 'die', 'exit code 137')]),
        ...(t % 2 === 0
          ? {
              'http:GET /cache': target('GET /cache', '172.18.0.5'),
              'dns:front': lookups('front', dns({ name: 'sessions', outcome: 'NXDOMAIN', ms: 2 })),
            }
          : {}),
      }),
      allModes(),
    )
      .at(-1)
      ?.findings.filter(({ state, explainedBy }) => state === 'firing' && explainedBy === null)
      .map(({ id }) => id);
  expect(roots([])).toEqual(['container-kill', 'name-missing']);
  expect(roots(['sessions'])).toEqual(['container-kill']);
});
