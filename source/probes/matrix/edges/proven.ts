import { isIP } from 'node:net';
import type { InsideSample } from '../../inside/sample.js';
import { FIRST_EPHEMERAL_PORT, isLoopback } from './listeners.js';

/** Whom a container was once connected to it is taken to need for so long (ms): it may connect per request. */
const REMEMBERED_MS = 1_800_000;
/** Peers remembered of one container. */
const MOST_PEERS = 64;

export interface Peer {
  /** The container's name, or null for what is none of the containers known. */
  readonly container: string | null;
  readonly address: string;
  readonly port: number;
}

interface Seen extends Peer {
  readonly at: number;
}

/** Whom each container was seen connected to. A container is remembered by its name: its address may change. */
export class ProvenPeers {
  private readonly peers = new Map<string, Map<string, Seen>>();

  /**
   * Takes in the connections that a container asked for, in any state: those that are over (TIME-WAIT) and those that
   * are not answered say whom it needs as well.
   */
  saw(
    { name, sockets }: Pick<InsideSample, 'name' | 'sockets'>,
    ownerOf: (address: string) => string | undefined,
    now: number,
  ): void {
    const known = this.peers.get(name) ?? new Map<string, Seen>();
    for (const { direction, peer: address, port } of sockets?.edges.list ?? []) {
      if (direction === 'in') continue;
      const container = ownerOf(address) ?? null;
      if (container === name || isLoopback(address) || port >= FIRST_EPHEMERAL_PORT) continue;
      // An address beyond the networks of this house is not ours to knock at.
      if (container === null && !isPrivate(address)) continue;
      known.set(`${container ?? address} ${port}`, { container, address, port, at: now });
    }
    for (const [key, { at }] of known)
      if (now - at > REMEMBERED_MS || known.size > MOST_PEERS) known.delete(key);
    this.peers.set(name, known);
  }

  of(name: string): readonly Peer[] {
    return [...(this.peers.get(name)?.values() ?? [])];
  }

  /** Forgets all containers but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, known] of this.peers) {
      if (!names.has(name)) this.peers.delete(name);
      else
        for (const [key, { container }] of known)
          if (container !== null && !names.has(container)) known.delete(key);
    }
  }
}

/** RFC 1918, RFC 4193, RFC 6598. */
export function isPrivate(address: string): boolean {
  if (isIP(address) === 6) return /^f[cd]/i.test(address);
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b < 128)
  );
}
