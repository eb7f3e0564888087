import type { DnsSample, MatrixCell, MatrixSample, PeerCount } from '../../source/probes/samples.js';
import { containerServices } from './container-world.js';
import type { World } from './history.js';
import { cell, ENTERED, inside, insideKernel, insideSockets, lookups } from './inside.js';
import { dns, everyTarget, kernel, NAME, postgres, sockets } from './samples.js';

/** Containers on one network, each looked into: who reaches whom, what they send again, what they are told of names. */

export const ADDRESS: Readonly<Record<string, string>> = {
  front: '172.20.0.10',
  'shop-1': '172.20.0.11',
  'shop-2': '172.20.0.12',
  store: '172.20.0.20',
};
const RESOLVER = '172.20.0.53:53';
export const OTHER = 'cache.lab.internal';
/** Who needs whom; the other ways are tried as well. */
const NEEDS = ['front→shop-1', 'front→shop-2', 'shop-1→store', 'shop-2→store'];
const PORT: Readonly<Record<string, number>> = {
  front: 80,
  'shop-1': 8000,
  'shop-2': 8000,
  store: 5432,
  names: 53,
};
/** Segments that each of them sends in a second. */
const SEGMENTS = 40;

export interface Sick {
  /** How a way is, where it is not well. */
  readonly way?: (source: string, target: string) => Partial<MatrixCell> | undefined;
  /** Percent of its segments that a container sends again. */
  readonly resent?: (name: string) => number;
  /** Lookups that wait inside a container. */
  readonly askers?: (name: string) => number;
  /** Peers of half-open connections. */
  readonly synRecv?: (name: string) => readonly PeerCount[];
  /** What a container is told of names; undefined is what the host is told. */
  readonly lookup?: (name: string) => Partial<DnsSample> | undefined;
  /** What else is different. */
  readonly world?: World;
}

/** Everything is well until this second. */
export const ONSET = 20;

/** A run that is well until the onset and sick afterwards; `sick` is given the seconds since then. Lookups are watched every so often (s). */
export const networkRun =
  (sick: (s: number) => Sick, ladderEvery = 6) =>
  (t: number): World => {
    const now = t > ONSET ? sick(t - ONSET) : {};
    return {
      ...(t % 2 === 0 ? { ...everyTarget(), dns: dns(), postgres: postgres() } : {}),
      services: networkServices(),
      sockets: sockets(),
      kernel: kernel({ 'Tcp.PassiveOpens': 3 * t }),
      events: { events: [], lost: 0 },
      ...(t % 5 === 0 ? { matrix: matrixOf(now) } : {}),
      ...insides(t, sick),
      ...(t % ladderEvery === 0 ? ladders(now) : {}),
      ...now.world,
    };
  };

/** Both names, alike. */
export const alike = (given: Parameters<typeof dns>[0]): Partial<DnsSample> => ({
  names: [NAME, OTHER].flatMap((name) => dns({ ...given, name, resolver: RESOLVER }).names),
});

export const networkServices = (over: Parameters<typeof containerServices>[0] = {}) =>
  containerServices(
    Object.fromEntries(
      Object.entries(ADDRESS).map(([name, address]) => [
        name,
        { ...over[name], container: { networks: [{ name: 'shop', address }], ...over[name]?.container } },
      ]),
    ),
  );

function matrixOf({ way }: Sick): MatrixSample {
  const names = Object.keys(ADDRESS);
  const asked = ['shop-1', 'shop-2'].map((source) =>
    cell(source, 'names:53', { because: 'told', ...way?.(source, 'names') }),
  );
  const cells = names.flatMap((source) =>
    names
      .filter((target) => target !== source && !(source.startsWith('shop') && target.startsWith('shop')))
      .map((target) =>
        cell(source, `${target}:${PORT[target]}`, {
          because: NEEDS.includes(`${source}→${target}`) ? 'told' : 'shared-network',
          ...way?.(source, target),
        }),
      ),
  );
  return {
    sources: names.map((name) => ({ name, pid: 4711, means: ENTERED })),
    targets: [...names, 'names'].map((name) => ({
      name: `${name}:${PORT[name]}`,
      address: ADDRESS[name] ?? '172.20.0.53',
      port: PORT[name] ?? 0,
    })),
    cells: [...cells, ...asked],
    missing: [],
  };
}

/** Counters since each began, so that every second adds its own. */
function insides(t: number, sick: (s: number) => Sick): World {
  const now = t > ONSET ? sick(t - ONSET) : {};
  const since = Array.from({ length: Math.max(0, t - ONSET) }, (_, i) => sick(i + 1));
  return Object.fromEntries(
    Object.keys(ADDRESS).map((name) => {
      const again = since.reduce((sum, one) => sum + (SEGMENTS * (one.resent?.(name) ?? 0)) / 100, 0);
      const counters = insideKernel({
        'Tcp.OutSegs': SEGMENTS * t,
        'Tcp.RetransSegs': Math.round(again),
        'TcpExt.TCPSynRetrans': Math.round(again / 4),
        'TcpExt.ListenOverflows': 0,
      });
      const topPeers = { 'CLOSE-WAIT': [], 'SYN-SENT': [], 'SYN-RECV': now.synRecv?.(name) ?? [] };
      const open = insideSockets({ ESTAB: 2 }, { topPeers });
      return [
        `inside:${name}`,
        inside(name, { kernel: counters, sockets: open, askers: now.askers?.(name) ?? 0 }),
      ];
    }),
  );
}

function ladders({ lookup }: Sick): World {
  return Object.fromEntries(
    ['shop-1', 'shop-2'].map((name) => [
      `dns:${name}`,
      lookups(name, { ...alike({ ms: 21 }), ...lookup?.(name), source: { name, pid: 4711 } }),
    ]),
  );
}
