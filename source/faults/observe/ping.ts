import type { FaultPlan, Observation, Reading, ReadingResult } from '../fault-plan.js';

/** What `ping -q` says at its end (iputils): how many were answered, and the mean time of those, in ms. */
export interface Ping {
  readonly sent: number;
  readonly answered: number;
  readonly meanMs: number | null;
}

/** Ordinary users may ping as often as every 2 ms (iputils 20221126). */
const INTERVAL_MS = 10;

/**
 * Pings an address `count` times and waits up to `patienceMs` for the last answer. Times are from program to program
 * (`-U`): the kernel's own would end where the answer arrives, before it waits in a queue on its way in.
 */
export function pingReading(address: string, count: number, patienceMs: number): Reading {
  const patience = Math.max(1, Math.ceil(patienceMs / 1000));
  const words = ['-c', String(count), '-i', String(INTERVAL_MS / 1000), '-W', String(patience), address];
  return {
    name: `ping ${address}`,
    command: ['ping', '-U', '-n', '-q', ...words],
    timeoutMs: count * INTERVAL_MS + patience * 1000 + 2000,
  };
}

/**
 * Whether an address answers, `seconds` at most: a ping that the kernel refuses to send is tried again and again
 * (iputils), so that the whole is held to a time. What is under way at its end counts as lost.
 */
export function answerReading(address: string, seconds: number): Reading {
  const words = ['-c', '3', '-i', String(INTERVAL_MS / 1000), '-w', String(seconds), address];
  return {
    name: `ping ${address}`,
    command: ['ping', '-n', '-q', ...words],
    timeoutMs: seconds * 1000 + 1000,
  };
}

/** Null when it is not what ping says: it could not be run, or did not end. */
function pingOf(result: ReadingResult | undefined): Ping | null {
  const counts = /(\d+) packets transmitted, (\d+) received/.exec(result?.output ?? '');
  if (!counts) return null;
  const times = /= [\d.]+\/([\d.]+)\/[\d.]+\/[\d.]+ ms/.exec(result?.output ?? '');
  return {
    sent: Number(counts[1]),
    answered: Number(counts[2]),
    meanMs: times ? Number(times[1]) : null,
  };
}

/** One pinged address before and with a fault. */
export interface PingPair {
  readonly address: string;
  readonly was: Ping | null;
  readonly is: Ping | null;
}

/** What a plan's pings found, in its order. */
export function pingsOf(plan: FaultPlan, before: Observation, after: Observation): readonly PingPair[] {
  return plan.readings
    .filter(({ name }) => name.startsWith('ping '))
    .map(({ name }) => ({
      address: name.slice('ping '.length),
      was: pingOf(before.readings[name]),
      is: pingOf(after.readings[name]),
    }));
}

/** "0.08 ms" or "201 ms". */
export const msText = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : Math.round(ms)} ms`;
