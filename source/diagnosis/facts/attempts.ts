import type { History } from '../../store/history.js';
import { type Connection, lately } from './connections.js';

/** A connection that took so long (ms) lost its first packet; attempts of this time count. */
export interface LateBounds {
  readonly lateConnect: { readonly value: number; readonly windowMs: number };
}

/** Connection attempts of the last minute, and how many of them lost packets. */
export interface Attempts {
  readonly made: number;
  /** Took the kernel's second try, or never came about. */
  readonly hurt: number;
  readonly connected: number;
  /** The quickest of them (ms), or undefined. */
  readonly least: number | undefined;
  /** The slowest that still connected (ms), or undefined. */
  readonly slowest: number | undefined;
}

/** What became of the attempts of some connections lately. */
export function attemptsOf(
  history: History,
  its: readonly Connection[],
  { lateConnect }: LateBounds,
): Attempts {
  const { windowMs, value: fromMs } = lateConnect;
  const ok = its.flatMap((one) => lately(history, one.ok, windowMs));
  const ms = its.flatMap((one) => lately(history, one.ms, windowMs)).map(({ value }) => value);
  const connected = ok.filter(({ value }) => value === 1).length;
  return {
    made: ok.length,
    connected,
    hurt: ok.length - connected + ms.filter((value) => value >= fromMs).length,
    least: ms.length === 0 ? undefined : Math.min(...ms),
    slowest: ms.length === 0 ? undefined : Math.max(...ms),
  };
}

/**
 * Times of the last `ms` at which a connection took the kernel's second try; none where one connection alone did: that
 * is a matter of its listener.
 */
export function roundsOf(
  history: History,
  its: readonly Connection[],
  { lateConnect }: LateBounds,
  ms: number,
): number {
  const late = its.map((one) =>
    lately(history, one.ms, ms).filter(({ value }) => value >= lateConnect.value),
  );
  if (late.filter((points) => points.length > 0).length < 2) return 0;
  return new Set(late.flat().map(({ at }) => at)).size;
}
