import { joinHostPort } from '../../linux/ip-address.js';
import { type NamedProcess, socketHolders } from '../../linux/process/socket-holders.js';
import type { SocketRow } from '../../linux/socket-row.js';
import type { Edges } from '../edges/sample.js';
import type { CloseWaitHolder } from './sample.js';

/** Fewer of a network are not looked at: every program leaves some for a moment. */
const LEAST = 10;
const MOST_ROWS = 20_000;
/** Descriptors looked at for who holds them, 5 µs each; and how long it takes until that is done again (ms). */
const MOST_FDS = 20_000;
const AGAIN_MS = 10_000;
/** Whoever has not closed by then (ms) does not close by and by. */
const OLD_MS = 10_000;
/** A server that has not answered its request for so long after its client left (ms) has forgotten it. */
const FORGOTTEN_MS = 60_000;

/** Sockets of one port and direction towards one peer, which one program handles alike. */
interface Group {
  readonly direction: 'in' | 'out';
  readonly port: number;
  /** Of `out` only: there are as many clients as they like. */
  readonly peer: string | null;
}

interface Held extends Group {
  readonly key: string;
  readonly inode: number;
  readonly old: boolean | null;
  readonly busy: boolean;
}

/** Who holds the connections of a network that their peers have closed, from look to look. */
export class CloseWaitBook {
  private holders = new Map<number, NamedProcess>();
  private readonly byGroup = new Map<string, NamedProcess>();
  private lookedAt = Number.NEGATIVE_INFINITY;

  begin(): CloseWaitLook {
    return new CloseWaitLook((inodes, groups, now) => this.holdersOf(inodes, groups, now));
  }

  /** By inode, as far as they are known; all descriptors are looked at again only now and then. `now` is monotonic ms. */
  private holdersOf(
    inodes: ReadonlyMap<number, string>,
    groups: ReadonlySet<string>,
    now: number,
  ): (inode: number, group: string) => NamedProcess | null {
    for (const inode of this.holders.keys()) if (!inodes.has(inode)) this.holders.delete(inode);
    for (const group of this.byGroup.keys()) if (!groups.has(group)) this.byGroup.delete(group);
    const wanted = new Set([...inodes.keys()].filter((inode) => !this.holders.has(inode)));
    const isNews = [...groups].some((group) => !this.byGroup.has(group));
    if (
      wanted.size > 0 &&
      (now - this.lookedAt >= AGAIN_MS || (isNews && now - this.lookedAt >= AGAIN_MS / 5))
    ) {
      this.lookedAt = now;
      for (const [inode, process] of socketHolders(wanted, MOST_FDS)) {
        this.holders.set(inode, process);
        this.byGroup.set(inodes.get(inode) ?? '', process);
      }
    }
    return (inode, group) => this.holders.get(inode) ?? this.byGroup.get(group) ?? null;
  }
}

type HoldersOf = (
  inodes: ReadonlyMap<number, string>,
  groups: ReadonlySet<string>,
  now: number,
) => (inode: number, group: string) => NamedProcess | null;

/** The connections of one look that their peers have closed. */
export class CloseWaitLook {
  private readonly held: Held[] = [];

  constructor(private readonly holdersOf: HoldersOf) {}

  /** What nobody has accepted yet is the queue's; `listening` are the ports that are listened on. */
  add(row: SocketRow, listening: ReadonlySet<number>): void {
    if (row.state !== 'CLOSE-WAIT' || row.inode === 0 || this.held.length >= MOST_ROWS) return;
    const direction = listening.has(row.localPort) ? 'in' : 'out';
    const port = direction === 'in' ? row.localPort : row.remotePort;
    const peer = direction === 'in' ? null : row.remoteAddress();
    const sinceMs = row.info?.lastAckRecvMs ?? null;
    this.held.push({
      ...{ direction, port, peer, key: `${direction} ${port} ${peer}`, inode: row.inode },
      old: sinceMs === null ? null : sinceMs > OLD_MS,
      busy: direction === 'in' && owesAnAnswer(row) && (sinceMs ?? 0) <= FORGOTTEN_MS,
    });
  }

  /** By holder, who holds most first. `edges` are those of this look, `now` is monotonic ms. */
  sample(edges: Edges, serviceOf: (inode: number) => string | null, now: number): CloseWaitHolder[] {
    if (this.held.length < LEAST) return [];
    const groups = new Set(this.held.map(({ key }) => key));
    const processOf = this.holdersOf(new Map(this.held.map(({ inode, key }) => [inode, key])), groups, now);
    const tallies = new Map<string, Tally>();
    for (const one of this.held) {
      const service = serviceOf(one.inode);
      const process = processOf(one.inode, one.key);
      const name = `${service ?? ''} ${process?.pid ?? ''}`;
      const tally = tallies.get(name) ?? new Tally(service, process);
      tallies.set(name, tally);
      tally.add(one);
    }
    return [...tallies.values()].map((tally) => tally.holder(edges)).sort((a, b) => b.count - a.count);
  }
}

/** Whether a server has a request that it has not answered: it may be at work, however long the client has been gone. */
function owesAnAnswer({ info }: SocketRow): boolean {
  if (!info?.dataSegsIn) return false;
  if (!info.dataSegsOut) return true;
  const { lastDataSentMs, lastDataRecvMs } = info;
  return lastDataSentMs !== null && lastDataRecvMs !== null && lastDataSentMs > lastDataRecvMs;
}

class Tally {
  private count = 0;
  private busy = 0;
  private old: number | null = 0;
  private readonly groups = new Map<string, Group & { count: number }>();

  constructor(
    private readonly service: string | null,
    private readonly process: NamedProcess | null,
  ) {}

  add({ key, direction, port, peer, old, busy }: Held): void {
    if (busy) {
      this.busy++;
      return;
    }
    this.count++;
    this.old = old === null || this.old === null ? null : this.old + (old ? 1 : 0);
    const group = this.groups.get(key) ?? { direction, port, peer, count: 0 };
    group.count++;
    this.groups.set(key, group);
  }

  holder({ list, sampled }: Edges): CloseWaitHolder {
    const { count, old } = this;
    const groups = [...this.groups.values()].sort((a, b) => b.count - a.count);
    const open = list
      .filter((edge) => groups.some((group) => isOf(edge, group)))
      .reduce((sum, { states }) => sum + (states.ESTAB ?? 0), 0);
    const [most] = groups;
    const towards =
      most && (most.peer === null ? null : { peer: joinHostPort(most.peer, most.port), count: most.count });
    const port = most?.direction === 'in' ? most.port : null;
    return {
      service: this.service,
      process: this.process,
      count,
      old,
      busy: this.busy,
      open: Math.round(open / sampled),
      towards: towards ?? null,
      port,
    };
  }
}

const isOf = (edge: Edges['list'][number], { direction, port, peer }: Group): boolean =>
  edge.direction === direction && edge.port === port && (peer === null || edge.peer === peer);
