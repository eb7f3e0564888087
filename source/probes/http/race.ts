import { isIP, type Socket } from 'node:net';
import type { Clock, Timer } from '../../clock.js';
import { joinHostPort } from '../../linux/ip-address.js';
import { openTcp } from './connect.js';

/** The next address is tried when the one before has been silent for so long (ms): RFC 8305, 5 and 8. */
const ATTEMPT_DELAY_MS = 250;
/** More addresses than this (of one name) are not tried. */
const MOST_ADDRESSES = 16;
/** Errors by how much they tell, the most telling first; the others are often a family that is not configured. */
const TELLING = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'EACCES', 'EPERM'];

/** Who won, and what was met on the way. */
export interface Raced {
  readonly socket: Socket;
  readonly address: string;
  /** Addresses that failed or were still silent when it was over, for a person; null where there is nothing to say. */
  readonly note: string | null;
}

/** All addresses failed: the error of the most telling one. */
export class RaceLost extends Error {
  constructor(
    readonly address: string,
    override readonly cause: unknown,
    /** How many addresses were tried. */
    readonly tried: number,
  ) {
    super((cause as Error)?.message ?? String(cause));
    this.name = 'RaceLost';
  }
}

/** IPv6 and IPv4 by turns, IPv6 first (RFC 8305, 4). */
export function inTurns(addresses: readonly string[]): string[] {
  const v6 = addresses.filter((address) => isIP(address) === 6);
  const v4 = addresses.filter((address) => isIP(address) !== 6);
  const turns = Math.max(v6.length, v4.length);
  return Array.from({ length: turns }, (_, i) => [v6[i], v4[i]])
    .flat()
    .filter((address) => address !== undefined);
}

/**
 * Connects to whichever address answers first, as browsers and curl do (RFC 8305): one attempt begins when the one
 * before has failed, or has been silent for a quarter of a second. What loses is closed. Rejects with RaceLost, or with
 * the signal's reason. `tries` is told of each address as it is tried.
 */
export function connectRace(
  addresses: readonly string[],
  port: number,
  {
    signal,
    clock,
    tries,
    open = openTcp,
  }: { signal: AbortSignal; clock: Clock; tries: (address: string) => void; open?: typeof openTcp },
): Promise<Raced> {
  const list = inTurns(addresses).slice(0, MOST_ADDRESSES);
  const over = new AbortController();
  const all = AbortSignal.any([signal, over.signal]);
  const errors = new Map<string, unknown>();
  return new Promise<Raced>((resolve, reject) => {
    let next = 0;
    let won = false;
    let timer: Timer | undefined;
    const end = (settle: () => void): void => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle();
    };
    const abort = (): void => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    const begin = (): void => {
      clock.clearTimeout(timer);
      const address = list[next++];
      if (address === undefined || won || all.aborted) return;
      tries(address);
      open(address, port, all).then(
        (socket) => {
          if (won || all.aborted) return void socket.destroy();
          won = true;
          over.abort();
          end(() => resolve({ socket, address, note: noteOf(list.slice(0, next), address, port, errors) }));
        },
        (error) => {
          if (won || all.aborted) return;
          errors.set(address, error);
          if (errors.size === list.length) end(() => reject(lost(errors)));
          else begin();
        },
      );
      timer = clock.setTimeout(begin, ATTEMPT_DELAY_MS);
    };
    begin();
  });
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | undefined)?.code ?? '');

function lost(errors: ReadonlyMap<string, unknown>): RaceLost {
  const worth = (error: unknown): number => {
    const at = TELLING.indexOf(codeOf(error));
    return at === -1 ? TELLING.length : at;
  };
  const [first] = [...errors].sort(([, a], [, b]) => worth(a) - worth(b));
  return new RaceLost(first?.[0] ?? '', first?.[1], errors.size);
}

/** What clients lose by the addresses before the one that answered. A family without a route costs them nothing. */
function noteOf(
  tried: readonly string[],
  winner: string,
  port: number,
  errors: ReadonlyMap<string, unknown>,
): string | null {
  const said = tried.flatMap((address) => {
    if (address === winner || address === '::1') return [];
    const where = joinHostPort(address, port);
    if (!errors.has(address)) return [`${where} does not answer`];
    return codeOf(errors.get(address)) === 'ECONNREFUSED' ? [`${where} refuses`] : [];
  });
  return said.length > 0 ? said.join(', ') : null;
}
