import type { InsideSample } from '../../inside/sample.js';

/** A queue that held as much or more over so many looks does not drain. */
const LOOKS = 3;

/** Linux gives ports to connecting sockets from here on (net.ipv4.ip_local_port_range); services listen below. */
export const FIRST_EPHEMERAL_PORT = 32_768;

/** What each container was seen to listen on, and how its accept queues fare. */
export class Listeners {
  private readonly ports = new Map<string, Set<number>>();
  private readonly queues = new Map<string, Map<number, number[]>>();

  /** Takes in what a container showed. */
  saw({ name, sockets }: Pick<InsideSample, 'name' | 'sockets'>): void {
    if (!sockets) return;
    const ports = this.ports.get(name) ?? new Set<number>();
    const before = this.queues.get(name);
    const queues = new Map<number, number[]>();
    for (const { address, port, queued } of sockets.listeners) {
      if (isLoopback(address) || port >= FIRST_EPHEMERAL_PORT) continue;
      ports.add(port);
      queues.set(port, [...(before?.get(port) ?? []), queued].slice(-LOOKS));
    }
    this.ports.set(name, ports);
    this.queues.set(name, queues);
  }

  /** Ports it listens on, or did; undefined when it was never looked into. */
  portsOf(name: string): ReadonlySet<number> | undefined {
    return this.ports.get(name);
  }

  /** How many wait in a queue that does not drain; undefined for one that does. */
  stuckAt(name: string, port: number): number | undefined {
    const seen = this.queues.get(name)?.get(port) ?? [];
    const stuck =
      seen.length === LOOKS && seen.every((queued, i) => queued > 0 && queued >= (seen[i - 1] ?? 0));
    return stuck ? seen.at(-1) : undefined;
  }

  /** Forgets all containers but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const map of [this.ports, this.queues])
      for (const name of map.keys()) if (!names.has(name)) map.delete(name);
  }
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
