import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../clock.js';
import type { DockerContainer } from '../engines/docker/containers/docker-container.js';
import type { DockerEngine } from '../engines/docker/docker-engine.js';
import type { Engine } from '../engines/engine.js';
import { joinHostPort } from '../linux/ip-address.js';
import { loadLibc } from '../linux/namespace/libc.js';
import { socketInside } from '../linux/namespace/socket-in.js';
import { readListenQueue } from '../linux/netlink/listen-queue.js';
import { createDoors, type Door, type DoorFacts, type Doors } from '../probes/doors/doors.js';
import { listensAt } from './listens-at.js';

/** Addresses of this host are read again after this long (ms). */
const ADDRESSES_MS = 10_000;

type Placed = Pick<DockerContainer, 'name' | 'pid' | 'networks' | 'networkMode' | 'publishedPorts'>;

/** Who listens behind an address. */
interface Listener {
  readonly name: string;
  readonly port: number;
  /** Its network: this host's own, or that of a process; undefined where it cannot be looked into. */
  readonly network: 'own' | number | undefined;
}

/** What this host knows of listeners: those of its own network and of its containers, by a published port as well. */
export function listenersHere(containers: () => readonly Placed[], now: () => number): DoorFacts {
  const isOwn = ownAddresses(now);
  const listenerOf = (door: Door): Listener => {
    const { address, port } = door;
    const here = isOwn(address);
    const found = here ? publishing(containers(), port) : bearing(containers(), address);
    if (found && found.container.networkMode !== 'host') {
      const { container } = found;
      const inner = found.port ?? port;
      return { name: `${container.name} ${inner}`, port: inner, network: container.pid ?? undefined };
    }
    return here
      ? { name: `port ${port}`, port, network: 'own' }
      : { name: joinHostPort(address, port), port, network: undefined };
  };
  return {
    nameOf: (door) => listenerOf(door).name,
    isListenedAt: (door) => listensAt(door, isOwn(door.address)),
    async queueOf(door) {
      const { network, port } = listenerOf(door);
      if (network === undefined) return undefined;
      const family = isIP(door.address) === 6 ? 6 : 4;
      try {
        if (network === 'own') return await readListenQueue(port, family);
        const libc = await loadLibc();
        return await readListenQueue(port, family, {
          openFd: (...what) => socketInside(libc, network, ...what),
        });
      } catch {
        // Neither netlink nor the right to enter: nothing is known of its queue.
        return undefined;
      }
    },
  };
}

interface Found {
  readonly container: Placed;
  /** Its own port, where another one was asked for. */
  readonly port?: number;
}

function publishing(containers: readonly Placed[], hostPort: number): Found | undefined {
  for (const container of containers)
    for (const one of container.publishedPorts)
      if (one.hostPort === hostPort && one.protocol === 'tcp') return { container, port: one.port };
  return undefined;
}

function bearing(containers: readonly Placed[], address: string): Found | undefined {
  const container = containers.find(({ networks }) => networks.some((one) => one.address === address));
  return container && { container };
}

/** Turns at the listeners of this host and of the containers of an engine. */
export function ownDoors(engine: Engine | undefined, clock: Clock): Doors {
  const containers = (): readonly Placed[] =>
    engine?.kind === 'docker' ? (engine as DockerEngine).list() : [];
  return createDoors(
    listenersHere(containers, () => clock.now()),
    clock,
  );
}

/** Whether an address is one of this machine's. */
function ownAddresses(now: () => number): (address: string) => boolean {
  let readAt = Number.NEGATIVE_INFINITY;
  let own = new Set<string>();
  return (address) => {
    if (address === 'localhost' || address.startsWith('127.') || address === '::1') return true;
    if (isIP(address) === 0) return false;
    if (now() - readAt > ADDRESSES_MS) {
      readAt = now();
      own = new Set(
        Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address)),
      );
    }
    return own.has(address);
  };
}
