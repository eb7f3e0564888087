import { createSocket } from 'node:dgram';
import dnsPacket from 'dns-packet';
import type { LabCounters } from '../../store/lab.js';
import { REPLICAS } from './members.js';

/** A part that does not answer within this is not waited for (ms). */
const PATIENCE_MS = 500;
/** What the forwarder tells of itself under this name (class CH, as name servers tell their version). */
const COUNTERS_NAME = 'counters.faultline';

type App = NonNullable<LabCounters['app']>;
type Visitors = NonNullable<LabCounters['visitors']>;
type Resolver = NonNullable<LabCounters['resolver']>;

/** What the lab's parts count of themselves; null for one that does not answer. The replicas are added up. */
export async function readCounters(appUrl: string, resolver: string): Promise<LabCounters> {
  const get = <Value>(part: string) => fetchJson<Value>(`${appUrl}/lab/counters/${part}`);
  const [forwarder, visitors, ...replicas] = await Promise.all([
    askForwarder(resolver),
    get<Visitors>('visitors'),
    ...REPLICAS.map((name) => get<App>(name)),
  ]);
  return { resolver: forwarder, visitors, app: sumOf(replicas) };
}

/** All replicas as one; null when any is silent: a part of the sum would be no sum. */
export function sumOf(replicas: readonly (App | null)[]): App | null {
  const add = (key: keyof App): number => replicas.reduce((sum, one) => sum + (one?.[key] ?? 0), 0);
  if (replicas.some((one) => one === null)) return null;
  return { inFlight: add('inFlight'), waiting: add('waiting'), slots: add('slots') };
}

async function fetchJson<Value>(url: string): Promise<Value | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? ((await answer.json()) as Value) : null;
  } catch {
    return null;
  }
}

/** What the forwarder counts, asked at `address:port`; null when nobody answers there. */
export function askForwarder(resolver: string): Promise<Resolver | null> {
  const colon = resolver.lastIndexOf(':');
  const question = dnsPacket.encode({
    type: 'query',
    id: 1,
    questions: [{ type: 'TXT', name: COUNTERS_NAME, class: 'CH' }],
  });
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (value: Resolver | null): void => {
      clearTimeout(timer);
      socket.close();
      resolve(value);
    };
    const timer = setTimeout(() => end(null), PATIENCE_MS);
    socket.once('error', () => end(null));
    socket.once('message', (bytes) => end(parseCounters(bytes)));
    socket.connect(Number(resolver.slice(colon + 1)), resolver.slice(0, colon), () => socket.send(question));
  });
}

/** `served=12 dropped=0 queue=3 queueMax=256` out of the forwarder's answer; null for anything else. */
export function parseCounters(bytes: Buffer): Resolver | null {
  try {
    const [answer] = dnsPacket.decode(bytes).answers ?? [];
    const text = answer?.type === 'TXT' ? String([answer.data].flat()[0]) : '';
    const [, served, dropped, queue, queueMax] =
      /^served=(\d+) dropped=(\d+) queue=(\d+) queueMax=(\d+)$/.exec(text) ?? [];
    if (queueMax === undefined) return null;
    return {
      served: Number(served),
      dropped: Number(dropped),
      queue: Number(queue),
      queueMax: Number(queueMax),
    };
  } catch {
    return null;
  }
}
