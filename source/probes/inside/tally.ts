import type { Refusal } from '../../linux/packet/refusal.js';
import type { SocketRow } from '../../linux/socket-row.js';
import type { EdgeLook } from '../edges/edge-book.js';
import type { WireOf } from '../edges/edge-tally.js';
import { addCounts, Census, type Listener } from '../sockets/census.js';
import { CloseWaitBook, type CloseWaitLook } from '../sockets/close-wait.js';
import { HalfOpenTally } from '../sockets/half-open.js';
import { completeCensus, type SocketCounters, shareRead } from '../sockets/net-counters.js';
import type { PortTally } from '../sockets/port-use.js';
import type { ListenQueue } from '../sockets/sample.js';
import type { InsideSockets } from './sample.js';
import type { ReadOver } from './time-wait.js';

/** Adds up the sockets of one network. */
export class Tally {
  private readonly census = new Census();
  private readonly half = new HalfOpenTally();
  private sampled = 0;

  constructor(
    private readonly look: EdgeLook,
    private readonly left: CloseWaitLook = new CloseWaitBook().begin(),
    private readonly now = 0,
    private readonly ports?: PortTally,
  ) {}

  add(row: SocketRow): void {
    this.census.add(row);
    this.half.add(row);
    this.left.add(row, this.census.listeningPorts);
    this.look.add(row, this.census.listeningPorts, null);
    this.ports?.add(row, this.census.listeningPorts);
  }

  /** Takes in one of a sample of what a filtered dump left out. */
  addSampled(row: SocketRow): void {
    this.sampled++;
    this.look.add(row, this.census.listeningPorts, null);
    this.ports?.add(row, this.census.listeningPorts, true);
  }

  /** Takes in one that has ended since the look before. */
  addEnded(row: SocketRow): void {
    this.look.ended(row, this.census.listeningPorts, null);
  }

  /** Takes in a port that refused somebody since the look before. */
  addRefusal(refusal: Refusal): void {
    this.look.refused(refusal);
  }

  /** Takes in sockets in TIME-WAIT that a look before has read. */
  addOver({ v4, v6, edges }: ReadOver): void {
    this.census.v4['TIME-WAIT'] = v4;
    this.census.v6['TIME-WAIT'] = v6;
    for (const edge of edges) this.look.addOver(edge);
  }

  /** The sockets in TIME-WAIT that were read in this look. */
  over(): ReadOver {
    const { v4, v6 } = this.census;
    return { v4: v4['TIME-WAIT'] ?? 0, v6: v6['TIME-WAIT'] ?? 0, edges: this.look.over() };
  }

  get listeners(): readonly Listener[] {
    return this.census.listeners;
  }

  /** `counters` stand in for the states that a filtered dump left out; `pressed` is what is known besides of listeners, by inode; `wireOf`: on which wire one was asked for. */
  summary(
    counters: SocketCounters | undefined,
    pressed: ReadonlyMap<number, NonNullable<ListenQueue['pressed']>> = new Map(),
    wireOf?: WireOf,
  ): Omit<InsideSockets, 'means'> {
    const { v4, v6, listeners } = this.census;
    const share = counters ? shareRead(this.sampled, counters) : 1;
    const edges = this.look.sample(share, undefined, wireOf);
    const portUse = this.ports?.sample(share) ?? [];
    const halfOpen = this.half.sample(listeners);
    return {
      ...(counters ? completeCensus(this.census, counters) : { v4, v6, total: addCounts(v4, v6) }),
      topPeers: this.census.topPeers(),
      edges,
      ...(portUse.length > 0 ? { portUse } : {}),
      ...(halfOpen.length > 0 ? { halfOpen } : {}),
      closeWait: this.left.sample(edges, () => null, this.now),
      listeners: listeners
        .map(({ address, port, queued, backlog, inode }): ListenQueue => {
          const more = pressed.get(inode);
          return { service: null, address, port, queued, backlog, ...(more && { pressed: more }) };
        })
        .sort((a, b) => b.queued - a.queued || a.port - b.port),
    };
  }
}
