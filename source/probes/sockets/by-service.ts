import type { Workload } from '../../engines/engine.js';
import type { SocketRow } from '../../linux/socket-row.js';
import type { Listener } from './census.js';
import type { SocketOwners } from './owners.js';
import type { ListenQueue, ServiceSockets, StoppedListener, TcpState } from './sample.js';
import type { UnitListener } from './unit-listeners.js';

interface Tally {
  byState: Partial<Record<TcpState, number>>;
  inbound: number;
  outbound: number;
}

/** Shares the rows of a census out among services. */
export class ByService {
  private readonly tallies = new Map<string, Tally>();
  /** Service by the TCP port it listens on. */
  private readonly ports = new Map<number, string>();

  constructor(
    workloads: readonly Workload[],
    private readonly owners: SocketOwners,
  ) {
    for (const { name, pid, ports } of workloads) {
      if (pid === null) continue;
      this.tallies.set(name, { byState: {}, inbound: 0, outbound: 0 });
      for (const { protocol, port } of ports) if (protocol === 'tcp') this.ports.set(port, name);
    }
  }

  /** The service that a socket belongs to, as far as is known. */
  ownerOf({ inode, localPort }: SocketRow): string | undefined {
    return this.owners.of(inode) ?? this.ports.get(localPort);
  }

  /**
   * Sockets that no process holds (TIME-WAIT, half-open, not accepted yet), or one whose descriptors we may not see,
   * belong to the service that listens on their local port: a hung service shows by just those. What is in TIME-WAIT
   * is over and counts by its state only.
   */
  add(row: SocketRow): void {
    if (this.tallies.size === 0) return;
    const service = this.ownerOf(row);
    const tally = service === undefined ? undefined : this.tallies.get(service);
    if (!tally || service === undefined) return;
    tally.byState[row.state] = (tally.byState[row.state] ?? 0) + 1;
    if (row.state === 'LISTEN') this.ports.set(row.localPort, service);
    else if (row.state === 'TIME-WAIT') return;
    else if (this.ports.get(row.localPort) === service) tally.inbound++;
    else tally.outbound++;
  }

  sample(): ServiceSockets[] {
    return [...this.tallies].map(([service, tally]) => ({ service, ...tally }));
  }

  /** Listeners with their service, the fullest queue first. */
  listenQueues(
    listeners: readonly Listener[],
    pressed: ReadonlyMap<number, NonNullable<ListenQueue['pressed']>>,
    stopped: ReadonlyMap<number, StoppedListener> = new Map(),
    units: ReadonlyMap<number, UnitListener> = new Map(),
  ): ListenQueue[] {
    return listeners
      .map(({ address, port, queued, backlog, inode }) => {
        const more = pressed.get(inode);
        const service = this.owners.of(inode) ?? this.ports.get(port) ?? null;
        const still = stopped.get(inode);
        return {
          ...{ service, address, port, queued, backlog },
          ...(more && { pressed: more }),
          ...(still && { stopped: still }),
          ...units.get(inode),
        };
      })
      .sort((a, b) => b.queued - a.queued || a.port - b.port);
  }
}
