import {
  type FaultPlan,
  type Observation,
  type Reading,
  type ReadingResult,
  tableName,
} from '../fault-plan.js';

/** The rules of a fault's own table with their counters. */
export const packetsReading = (id: string, family: 'inet' | 'netdev' = 'inet'): Reading => ({
  name: `rules ${family}`,
  command: ['nft', '-n', 'list', 'table', family, tableName(id)],
});

/** Packets that the counted rules of a fault's tables took, in all; null when none of them could be read. */
export function packetsOf({ readings }: FaultPlan, seen: Observation): number | null {
  const counts = readings
    .filter(({ name }) => name.startsWith('rules '))
    .flatMap(({ name }) => countedIn(seen.readings[name]) ?? []);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

function countedIn(result: ReadingResult | undefined): number | null {
  if (result?.code !== 0) return null;
  const counters = [...result.output.matchAll(/\bcounter packets (\d+)/g)];
  return counters.reduce((sum, [, packets]) => sum + Number(packets), 0);
}

/** The kernel's own list of queues that somebody reads. */
export const queueReading: Reading = {
  name: 'queues',
  command: ['cat', '/proc/net/netfilter/nfnetlink_queue'],
};

/**
 * Packets that went through a queue; null when nobody reads it. Columns of nfqnl_seq_show (nfnetlink_queue.c): number,
 * reader, waiting, mode, range, dropped, dropped by the reader, id of the last packet, 1.
 */
export function queuedOf(seen: Observation, queue: number): number | null {
  const result = seen.readings[queueReading.name];
  for (const line of (result?.code === 0 ? result.output : '').split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (Number(columns[0]) === queue && columns.length >= 8) return Number(columns[7]);
  }
  return null;
}

/** Queueing disciplines of every device with their figures. */
export const qdiscsReading: Reading = { name: 'qdiscs', command: ['tc', '-j', 'qdisc', 'show'] };

/** Bits a second of the first token bucket; null without one, undefined when it could not be read. */
export function rateOf(seen: Observation): number | null | undefined {
  const result = seen.readings[qdiscsReading.name];
  if (result?.code !== 0) return undefined;
  try {
    const found = JSON.parse(result.output) as { kind?: string; options?: { rate?: number } }[];
    const rate = found.find(({ kind }) => kind === 'tbf')?.options?.rate;
    // tc tells bytes a second.
    return rate === undefined ? null : rate * 8;
  } catch {
    return undefined;
  }
}

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

/** What one question to the first nameserver gave. */
export interface Lookup {
  /** The code of its answer by name ("NOERROR", "NXDOMAIN", "5"); null when none came. */
  readonly answer: string | null;
  /** "NXDOMAIN after 0.4 ms", "nothing within 1.5 s". */
  readonly text: string;
}

const PATIENCE_S = 1.5;
const CODES: Readonly<Record<string, string>> = {
  0: 'NOERROR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  5: 'REFUSED',
};

/** Asks the first nameserver of resolv.conf for an A record, once (RFC 1035, 4.1), and prints code and ms. */
const ASK = `
import socket, struct, sys, time
servers = [l.split()[1] for l in open('/etc/resolv.conf') if l.startswith('nameserver')]
server = servers[0] if servers else '127.0.0.1'
name = b''.join(bytes([len(l)]) + l for l in sys.argv[1].encode().split(b'.')) + bytes(1)
asked = socket.socket(socket.AF_INET6 if ':' in server else socket.AF_INET, socket.SOCK_DGRAM)
asked.settimeout(${PATIENCE_S})
start = time.monotonic()
try:
    asked.connect((server, 53))
    asked.send(struct.pack('!6H', 7, 256, 1, 0, 0, 0) + name + struct.pack('!2H', 1, 1))
    answer = asked.recv(4096)
    print('code', answer[3] & 15, round((time.monotonic() - start) * 1000, 2))
except OSError as error:
    print('none', error)
`.trim();

/** The question is for the target's own name: on a network of Docker's that answers without any other server. */
export const lookupReading = (name: string): Reading => ({
  name: `lookup ${name}`,
  command: ['python3', '-c', ASK, asLabel(name)],
  timeoutMs: 4000,
});

/** Names of containers are longer than a label may be, some of them (RFC 1035, 2.3.4: 63 octets). */
const asLabel = (name: string): string => name.split('.')[0]?.slice(0, 63) || 'localhost';

/** What a plan's question found. */
export function lookupOf({ target }: FaultPlan, seen: Observation): Lookup {
  const output = seen.readings[lookupReading(target.name).name]?.output ?? '';
  const said = /^code (\d+) ([\d.]+)/m.exec(output);
  if (said) {
    const answer = CODES[said[1] as string] ?? (said[1] as string);
    return { answer, text: `${answer} after ${said[2]} ms` };
  }
  const why = /^none (.*)/m.exec(output)?.[1];
  if (why === undefined) return { answer: null, text: 'no reading' };
  return { answer: null, text: why === 'timed out' ? `nothing within ${PATIENCE_S} s` : why };
}
