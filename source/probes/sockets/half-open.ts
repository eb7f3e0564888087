import { namedProcess } from '../../linux/process/socket-holders.js';
import type { SocketRow } from '../../linux/socket-row.js';
import type { Listener } from './census.js';
import type { HalfOpen } from './sample.js';

/** Fewer at one port are not told of: each new connection is half-open for a round trip. */
const LEAST = 3;
const MOST_TOLD = 8;
const MOST_PEERS = 32;
/** Clients told apart in one look; half-open connections beyond are counted, their clients are not. */
const MOST_CLIENTS = 10_000;

/** Counts the half-open connections of one look by port and by who asked for them. */
export class HalfOpenTally {
  private readonly byPort = new Map<number, { count: number; readonly peers: Map<string, number> }>();
  private clients = 0;

  add(row: SocketRow): void {
    if (row.state !== 'SYN-RECV') return;
    const at = this.byPort.get(row.localPort) ?? { count: 0, peers: new Map<string, number>() };
    this.byPort.set(row.localPort, at);
    at.count++;
    const peer = row.remoteAddress();
    const before = at.peers.get(peer);
    if (before === undefined && this.clients >= MOST_CLIENTS) return;
    if (before === undefined) this.clients++;
    at.peers.set(peer, (before ?? 0) + 1);
  }

  /** The ports with most of them first. `listeners` are those of the same look, `holderOf` gives the process of one. */
  sample(
    listeners: readonly Listener[],
    holderOf: (inode: number) => number | undefined = () => undefined,
  ): HalfOpen[] {
    return [...this.byPort]
      .filter(([, { count }]) => count >= LEAST)
      .sort(([, a], [, b]) => b.count - a.count)
      .slice(0, MOST_TOLD)
      .map(([port, { count, peers }]) => {
        const its = listeners.filter((one) => one.port === port);
        const backlogs = its.flatMap(({ backlog }) => backlog ?? []);
        const pid = its.map(({ inode }) => holderOf(inode)).find((one) => one !== undefined);
        return {
          ...{ address: its[0]?.address ?? '', port, count, clients: peers.size },
          backlog: backlogs.length > 0 ? backlogs.reduce((sum, one) => sum + one, 0) : null,
          peers: [...peers]
            .map(([peer, number]) => ({ peer, count: number }))
            .sort((a, b) => b.count - a.count)
            .slice(0, MOST_PEERS),
          ...(pid === undefined ? {} : { process: namedProcess(pid) }),
        };
      });
  }
}
