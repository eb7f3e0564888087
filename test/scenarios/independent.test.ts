import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Datastore, Edge, ListenQueue } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { START, watch } from '../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../helpers/inside.js';
import { HANG, http, sockets } from '../helpers/samples.js';

/** A database that is frozen, and a server that is silent: what is not linked keeps nothing from being said. */

const FROZEN: Datastore = {
  ...{ kind: 'postgres', address: '127.0.0.1:5432', workload: null },
  process: { pid: 77, command: 'postgres' },
  knownBy: 'process',
  ...{ state: 'silent', said: 'takes connections and said nothing', answerMs: null, askedAt: START },
  ...{ note: null, queued: 2, backlog: 200, frozen: true, clients: 2, used: true },
  slots: null,
  holders: [],
};
const silentTarget = (port: number) => ({
  [`http:GET ${port}`]: { ...http(`GET ${port}`, HANG), url: `http://127.0.0.1:${port}/` },
});
const listener = (port: number): ListenQueue => ({
  ...{ service: null, address: '127.0.0.1', port, queued: 0, backlog: 128 },
});
const served = (port: number, pid: number): Edge => ({
  ...edge(`127.0.0.1:${port}`, { pids: [pid], processes: ['python3'] }),
  direction: 'in',
});
const asks = (port: number, pid: number, process = 'python3'): Edge =>
  edge(`127.0.0.1:${port}`, {
    ...{ pids: [pid], processes: [process] },
    ...{ received: 0, unanswered: { count: 1, longestMs: 9_000 } },
  });

/** What stands on its own at the end, by mode and subject; the server at 9100 is process 9. */
function alone(...list: readonly Edge[]): string[] {
  const looks = watch(
    40,
    (t) => ({
      ...(t % 2 === 0
        ? {
            sockets: {
              ...sockets(),
              listeners: [5432, 8080, 9100].map(listener),
              edges: { ...edges(served(9100, 9), ...list), sinceMs: 2_000 },
            },
            datastores: { means: 'netlink sock_diag', datastores: [FROZEN], missing: [] },
          }
        : {}),
      ...(t % 6 === 0 ? silentTarget(9100) : {}),
    }),
    allModes(),
  );
  return (looks.at(-1)?.findings ?? [])
    .filter(({ state, explainedBy }) => state === 'firing' && explainedBy === null)
    .map(({ id, subject }) => `${id}@${subject.id}`)
    .sort();
}

const BOTH = ['database-down@127.0.0.1:5432', 'service-hung@127.0.0.1:9100'];
const ONE = ['database-down@127.0.0.1:5432'];

it('a silent server of this host stands beside a frozen database that another process asks', () => {
  expect(alone(served(8080, 8), asks(5432, 8))).toEqual(BOTH);
  expect(alone()).toEqual(BOTH);
});

it('is told below it where it asks it, itself or by another server here', () => {
  expect(alone(asks(5432, 9))).toEqual(ONE);
  expect(alone(asks(8080, 9), served(8080, 8), asks(5432, 8))).toEqual(ONE);
});

it('or where that cannot be excluded: nobody is seen to hold the connection, or a program that serves no port does', () => {
  const { pids: _, ...unheld } = asks(5432, 0);
  expect(alone(unheld)).toEqual(ONE);
  expect(alone(asks(5432, 20, 'php-fpm'))).toEqual(ONE);
});

it('in a container it stands beside a frozen one in another that it has no connection with', () => {
  const network = (address: string) => ({
    container: { networks: [{ name: 'shop', address, aliases: [] }] },
  });
  const services = containerServices({ front: network('172.18.0.2'), store: network('172.18.0.3') });
  const found = (...list: readonly Edge[]) => {
    const shown = (...its: readonly Edge[]) => ({ sockets: insideSockets({}, { edges: edges(...its) }) });
    const looks = watch(
      40,
      (t) => ({
        services,
        ...(t % 2 === 0
          ? {
              sockets: { ...sockets(), edges: edges() },
              datastores: {
                ...{ means: 'netlink sock_diag', missing: [] },
                datastores: [{ ...FROZEN, address: '172.18.0.3:5432', workload: 'store' }],
              },
            }
          : {}),
        ...(t % 6 === 0 ? silentTarget(5000) : {}),
        'inside:front': inside('front', shown(...list)),
        'inside:store': inside('store', shown()),
      }),
      allModes(),
    );
    return (looks.at(-1)?.findings ?? [])
      .filter(({ state, explainedBy }) => state === 'firing' && explainedBy === null)
      .map(({ id }) => id)
      .sort();
  };
  expect(found()).toEqual(['database-down', 'service-hung']);
  expect(found(edge('172.18.0.3:5432', { received: 0, unanswered: { count: 1, longestMs: 9_000 } }))).toEqual(
    ['database-down'],
  );
});
