import { readdirSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { holds, parseFibTrie, rangeOf } from '../proc-net/own-addresses.js';
import { tryReadText } from '../read-text.js';
import { insideNetwork, networkOf } from './inside-network.js';
import type { Libc } from './libc.js';
import { type Route, readRoutes } from './routes.js';

/** Processes looked at, and networks told apart, at most. */
const MOST_PROCESSES = 20_000;
const MOST_NETWORKS = 64;

/** A process in each other network of this machine that has such an address; empty where that cannot be seen. */
export function networksWith(libc: Libc, address: string): number[] {
  return otherNetworks().filter((pid) => {
    try {
      const all = insideNetwork(libc, pid, () => networkInterfaces());
      return Object.values(all).some((of) => of?.some((one) => one.address === address));
    } catch {
      // It has ended meanwhile, or may not be entered.
      return false;
    }
  });
}

/**
 * Whether nobody has an IPv4 address on a wire to which so many other networks of this machine are joined: all of them
 * are seen, and none has it. False where one is not seen, as a network without a process is not.
 */
export function isVacant(address: string, joined: number): boolean {
  const networks = otherNetworks().map((pid) => parseFibTrie(tryReadText(`/proc/${pid}/net/fib_trie`) ?? ''));
  const beside = networks.filter(({ connected }) => holds(connected, address));
  return beside.length >= joined && !networks.some(({ local }) => holds(local, address));
}

/**
 * Whether who has an IPv4 address knows a way to another one; null where no network of this machine is seen to have it,
 * as that of a server far away is not.
 */
export function knowsWay(from: string, to: string): boolean | null {
  const known = ['self', ...otherNetworks()].filter((pid) =>
    holds(parseFibTrie(tryReadText(`/proc/${pid}/net/fib_trie`) ?? '').local, from),
  );
  return known.length === 0 ? null : known.some((pid) => leadsTo(readRoutes(pid), to));
}

/** Whether the route that is meant for an IPv4 address (the one that says most, ip-route(8)) leads anywhere. */
export function leadsTo(routes: readonly Route[], address: string): boolean {
  const [best] = routes
    .map(({ destination, reject }) => {
      const [first = '', bits = ''] = destination.split('/');
      return { first, bits: Number(bits), reject };
    })
    .filter(({ first, bits }) => isIPv4(first) && holds([rangeOf(first, bits)], address))
    .sort((a, b) => b.bits - a.bits);
  return best !== undefined && !best.reject;
}

function otherNetworks(): number[] {
  try {
    const seen = new Set([networkOf('thread-self')]);
    const pids: number[] = [];
    for (const name of readdirSync('/proc').slice(0, MOST_PROCESSES)) {
      const network = /^\d+$/.test(name) ? networkOrNone(Number(name)) : undefined;
      if (network === undefined || seen.has(network)) continue;
      seen.add(network);
      pids.push(Number(name));
      if (pids.length >= MOST_NETWORKS) break;
    }
    return pids;
  } catch {
    return [];
  }
}

function networkOrNone(pid: number): string | undefined {
  try {
    return networkOf(pid);
  } catch {
    return undefined;
  }
}
