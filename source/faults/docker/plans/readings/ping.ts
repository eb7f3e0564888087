import type { Reading, ReadingResult } from '../../fault-plan.js';
import type { Surroundings } from '../surroundings.js';

/** What `ping -q` says at its end (iputils): how many were answered, and the mean time of those, in ms. */
export interface Ping {
  readonly sent: number;
  readonly answered: number;
  readonly meanMs: number | null;
}

/** Ordinary users may ping as often as every 2 ms (iputils 20221126). */
const INTERVAL_MS = 10;

/** Pings an address `count` times and waits up to `patienceMs` for the last answer. */
export function pingReading(address: string, count: number, patienceMs: number): Reading {
  const patience = String(Math.max(1, Math.ceil(patienceMs / 1000)));
  // A ping that the kernel cannot send is tried again and again; the whole is held to a time, too.
  const seconds = Math.ceil((count * INTERVAL_MS) / 1000) + Number(patience);
  const interval = String(INTERVAL_MS / 1000);
  return {
    name: `ping ${address}`,
    command: [
      'ping',
      '-n',
      '-q',
      '-c',
      String(count),
      '-i',
      interval,
      '-W',
      patience,
      '-w',
      String(seconds),
      address,
    ],
    timeoutMs: seconds * 1000 + 1000,
  };
}

/** Null when it is not what ping says: it could not be run, or did not end. */
export function pingOf(result: ReadingResult | undefined): Ping | null {
  const counts = /(\d+) packets transmitted, (\d+) received/.exec(result?.output ?? '');
  if (!counts) return null;
  const times = /= [\d.]+\/([\d.]+)\/[\d.]+\/[\d.]+ ms/.exec(result?.output ?? '');
  return {
    sent: Number(counts[1]),
    answered: Number(counts[2]),
    meanMs: times ? Number(times[1]) : null,
  };
}

/** The neighbour that is there on every network of Docker's: its gateway, which is the host. Null without one. */
export function neighbourOf({ target }: Surroundings): string | null {
  return target.networks.find(({ gateway }) => gateway !== '')?.gateway ?? null;
}

/** "0.08 ms" or "201 ms". */
export const msText = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : Math.round(ms)} ms`;
