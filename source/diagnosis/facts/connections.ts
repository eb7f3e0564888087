import type { MatrixCell, MatrixTarget } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { serviceAt } from './services.js';
import { fresh, least, streak } from './values.js';

/** How far back the least time of a connection is looked for (ms): what a ring of 600 points surely holds. */
const LEAST_MS = 3_600_000;

/** One connection from a container to another, as the connectivity matrix tried it: from inside its source. */
export interface Connection {
  /** Container it was tried from. */
  readonly source: string;
  /** Container that has the target's address, or the target's name where we watch none. */
  readonly target: string;
  /** `address:port` that was tried. */
  readonly address: string;
  readonly cell: MatrixCell;
  /** That its source needs it was seen or said; else they only share a network. */
  readonly needed: boolean;
  /** Attempts in a row until now that did not connect, and the wall-clock ms of the first. */
  readonly failed: number;
  readonly failingSince: number | null;
  /** Every attempt that is remembered: 1 for a connection, 0 for any other end. */
  readonly ok: readonly Point[];
  /** Milliseconds of each attempt that is remembered and connected. */
  readonly ms: readonly Point[];
  /** The quickest of them, or undefined when it never connected. */
  readonly least: number | undefined;
}

/**
 * Every connection that was tried in the last round. Empty where no matrix is taken. What could not be tried is left out,
 * and what was not asked this time: how it was a while ago says nothing against what is found now.
 */
export function connections(history: History): Connection[] {
  const before = taken.get(history);
  if (before) return before;
  const sample = fresh(history.latest.matrix);
  const all = (sample?.cells ?? [])
    .filter(({ outcome, rests }) => outcome !== 'unmeasured' && !rests)
    .map((cell) => connectionOf(history, cell, sample?.targets ?? []));
  taken.set(history, all);
  return all;
}

/** Many modes ask for them: worked out once a look. */
const taken = new WeakMap<History, Connection[]>();

function connectionOf(history: History, cell: MatrixCell, targets: readonly MatrixTarget[]): Connection {
  const label = `{${cell.source}→${cell.target}}`;
  const given = targets.find(({ name }) => name === cell.target);
  const address = given ? `${given.address}:${given.port}` : cell.target;
  const read = (signal: string): Point[] =>
    history.window(`${signal}${label}`, LEAST_MS).filter(({ value }) => Number.isFinite(value));
  // Read when they are asked for: an hour of each connection, in every look, is far more than is ever told of them.
  const ok = once(() => read('matrix.ok'));
  const ms = once(() => read('matrix.ms'));
  const best = once(() => least(history, `matrix.ms${label}`, LEAST_MS));
  const failing = cell.outcome === 'connected' ? null : streak(ok());
  return {
    source: cell.source,
    target: serviceAt(history, address)?.name ?? cell.target,
    address,
    cell,
    needed: cell.because !== 'shared-network',
    failed: failing?.count ?? (cell.outcome === 'connected' ? 0 : 1),
    failingSince: failing?.since ?? null,
    get ok() {
      return ok();
    },
    get ms() {
      return ms();
    },
    get least() {
      return best();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whether a container is one of its ends. */
export const touches = ({ source, target }: Pick<Connection, 'source' | 'target'>, name: string): boolean =>
  source === name || target === name;

/** Those that their sources need, or all where none is known to be needed. */
export function neededOf(some: readonly Connection[]): readonly Connection[] {
  const needed = some.filter((one) => one.needed);
  return needed.length > 0 ? needed : some;
}

/** Who is at the other ends of a container's connections, those of the needed ones first. */
export function peersOf(some: readonly Connection[], name: string): string[] {
  const its = neededOf(some.filter((one) => touches(one, name)));
  return [...new Set(its.map(({ source, target }) => (source === name ? target : source)))];
}

/** Every container at either end, once. */
export const endsOf = (all: readonly Connection[]): string[] => [
  ...new Set(all.flatMap(({ source, target }) => [target, source])),
];

/** The slowest of all (ms), infinite where one does not connect; undefined where none was tried. */
export function slowestConnection(history: History): number | undefined {
  const times = connections(history).map(({ cell }) => (cell.outcome === 'connected' ? cell.ms : null));
  return times.length === 0 ? undefined : Math.max(...times.map((ms) => ms ?? Number.POSITIVE_INFINITY));
}

/** Attempts of the last `ms`, newest last. */
export const lately = (history: History, points: readonly Point[], ms: number): Point[] =>
  points.filter(({ at }) => at >= history.now - ms);

/** Whether nothing stands in the way of what a container asks of others: no connection that is needed fails. */
export const allNeededConnect = (history: History): boolean =>
  !connections(history).some(({ needed, failed }) => needed && failed > 0);

/** Whether every connection, and every lookup of the containers that are `meant`, was tried since then (wall-clock ms). */
export function askedBehindSince(
  { latest }: History,
  since: number,
  isMeant: (client: string) => boolean = () => true,
): boolean {
  const lookups = Object.entries(latest.lookups ?? {}).filter(([client]) => isMeant(client));
  const asked = [latest.matrix, ...lookups.map(([, one]) => one)];
  return asked.every((one) => one === undefined || one.stale || one.at >= since);
}
