import { readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { insideNetwork, networkOf } from './inside-network.js';
import type { Libc } from './libc.js';

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
