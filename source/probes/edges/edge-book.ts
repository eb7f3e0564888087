import type { Refusal } from '../../linux/packet/refusal.js';
import type { SocketRow } from '../../linux/socket-row.js';
import type { TcpInfo } from '../../linux/tcp-info.js';
import type { TcpStateName } from '../../linux/tcp-states.js';
import { isOwnConnection } from '../own-connections.js';
import {
  type Holder,
  hasComeAbout,
  inVain,
  isIdle,
  NOTHING,
  type Place,
  placeOf,
  type Remembered,
  totalsOf,
} from './connection.js';
import { EdgeTally, type WireOf } from './edge-tally.js';
import type { Edges } from './sample.js';

/** Sockets remembered between two looks; those beyond count in their states only. */
const MOST_REMEMBERED = 20_000;
/** Edges told apart in one look. */
const MOST_TOLD_APART = 4_096;
const MOST_KEPT = 200;
/** What came to a server stays in TIME-WAIT for a minute after it has ended (ms). */
const LISTENED_KEPT_MS = 70_000;
/** Who holds a socket is looked at every 10 s at most: of one that is made and closed between it is who held its like (ms). */
const HOLDERS_KEPT_MS = 30_000;

/** What a namespace's sockets did between looks: each socket is known by its cookie. */
export class EdgeBook {
  private readonly known = new Map<number, Remembered>();
  /** Who was last seen to hold a socket of a place: one that has ended has no holder any more. */
  private readonly owners = new Map<string, string>();
  /** Which processes were last seen to hold sockets of an edge. */
  private readonly holders = new Map<string, Held>();
  /** When each port was last seen to be listened on, monotonic ms. */
  private readonly listened = new Map<number, number>();
  private looks = 0;
  private lastAt: number | undefined;

  /** Begins a look at monotonic ms `at`; its rows are to be given to it, listeners first, and then its sample taken. */
  begin(at: number): EdgeLook {
    const before = this.lastAt;
    this.lastAt = at;
    this.looks++;
    if (this.owners.size > MOST_TOLD_APART) this.owners.clear();
    if (this.holders.size > MOST_TOLD_APART) this.holders.clear();
    for (const [port, seen] of this.listened) if (at - seen > LISTENED_KEPT_MS) this.listened.delete(port);
    return new EdgeLook(this.known, this.owners, this.holders, this.listened, {
      number: this.looks,
      at,
      before,
    });
  }
}

interface Held {
  readonly at: number;
  readonly by: readonly Holder[];
}

/** Sockets of an edge that are over: in TIME-WAIT. */
export interface Over {
  readonly place: Place;
  readonly owner: string | null;
  readonly count: number;
}

export class EdgeLook {
  private readonly tallies = new Map<string, EdgeTally>();
  private readonly refusals = new Map<string, { readonly place: Place; readonly count: number }>();
  private unheard = 0;
  /** A table without cookies: what is since the look before cannot be told. */
  private blind = false;

  constructor(
    private readonly known: Map<number, Remembered>,
    private readonly owners: Map<string, string>,
    private readonly holders: Map<string, Held>,
    private readonly listened: Map<number, number>,
    private readonly look: {
      readonly number: number;
      readonly at: number;
      readonly before: number | undefined;
    },
  ) {}

  /** `listening` are the ports that are listened on; the workload `owner` holds the socket, or else that `holder`. */
  add(row: SocketRow, listening: ReadonlySet<number>, owner: string | null, holder?: Holder): void {
    const { state } = row;
    if (state === 'LISTEN') this.listened.set(row.localPort, this.look.at);
    if (state === 'LISTEN' || row.remotePort === 0 || isOwnConnection(row.localPort, row.remotePort)) return;
    const { cookie, info } = row;
    const known = cookie === null ? undefined : this.known.get(cookie);
    const place = known?.place ?? placeOf(row, this.servedOr(listening));
    const heir = row.inode === 0 ? this.owners.get(place.key) : undefined;
    const owned = owner ?? known?.owner ?? heir ?? null;
    const key = known && known.owner === owned ? known.key : keyOf(place, owned);
    const tally = this.tallyOf(key, place, owned);
    if (!tally) return;
    if (owned !== null) this.owners.set(place.key, owned);
    if (holder) tally.addHolder(holder);
    tally.add(row, info, known ? this.look.at - known.firstSeen : 0);
    if (cookie === null) this.blind = true;
    else this.follow(known ?? this.remember(cookie, place, key), state, info, tally, owned, key);
  }

  /** Ports that are listened on, or were a moment ago. */
  private servedOr(listening: ReadonlySet<number>): Pick<ReadonlySet<number>, 'has'> {
    return { has: (port) => listening.has(port) || this.listened.has(port) };
  }

  /** Takes in sockets in TIME-WAIT that a look before has read. */
  addOver({ place, owner, count }: Over): void {
    this.tallyOf(keyOf(place, owner), place, owner)?.addOver(count);
  }

  /** The sockets in TIME-WAIT that were read in this look. */
  over(): Over[] {
    return [...this.tallies.values()].flatMap(({ place, owner, over: count }) =>
      count > 0 ? [{ place, owner, count }] : [],
    );
  }

  /** One that is seen for the first time; beyond the bound it is forgotten again at once. */
  private remember(cookie: number, place: Place, key: string): Remembered {
    const { number, at } = this.look;
    const made = { place, firstSeen: at, look: number, open: false, owner: null, key, totals: NOTHING };
    if (this.known.size < MOST_REMEMBERED) this.known.set(cookie, made);
    return made;
  }

  /** Compares a socket with what it was in the look before. Called for every row: nothing is made for an idle one. */
  private follow(
    socket: Remembered,
    state: TcpStateName,
    info: TcpInfo | null,
    tally: EdgeTally,
    owner: string | null,
    key: string,
  ): void {
    socket.look = this.look.number;
    socket.owner = owner;
    socket.key = key;
    if (info !== null && socket.open && isIdle(info, socket.totals)) {
      tally.addIdle();
      return;
    }
    const totals = info && state !== 'SYN-SENT' ? totalsOf(info) : undefined;
    if (totals) tally.addFlow(socket.totals, totals, inVain(state, socket.place, info));
    if (totals && totals.in > socket.totals.in) tally.addServed(this.look.at - socket.firstSeen);
    if (!socket.open && hasComeAbout(state, info)) {
      socket.open = true;
      tally.addOpened(totals);
    }
    if (totals) socket.totals = totals;
  }

  /**
   * Takes in a socket that has ended since the look before, with its last figures; after all rows of the tables. One
   * that no look has seen has lived since then.
   */
  ended(row: SocketRow, listening: ReadonlySet<number>, owner: string | null): void {
    const { cookie, info } = row;
    if (cookie === null || row.remotePort === 0 || isOwnConnection(row.localPort, row.remotePort)) return;
    const known = this.known.get(cookie);
    const place = known?.place ?? placeOf(row, this.servedOr(listening));
    const owned = known?.owner ?? owner ?? this.owners.get(place.key) ?? null;
    const tally = this.tallyOf(keyOf(place, owned), place, owned);
    this.known.delete(cookie);
    // In the first look nobody has listened before.
    if (!tally || this.look.before === undefined) return;
    const totals = info ? totalsOf(info) : undefined;
    if (info) tally.addRoundTrips(info);
    if (totals) tally.addFlow(known?.totals ?? NOTHING, totals, inVain('CLOSE', place, info));
    // A round trip is measured with the handshake.
    const open = known?.open || (info?.rttUs ?? null) !== null;
    if (!open) tally.addFailed();
    else {
      if (!known?.open) tally.addOpened(totals);
      if (info) tally.addEnd(info, known?.totals);
      tally.addClosed();
    }
  }

  /**
   * Takes in a port that refused somebody since the look before, as the packets tell; after all sockets that have ended.
   * Of those that are known to have failed by themselves it is no other one.
   */
  refused({ address, port }: Pick<Refusal, 'address' | 'port'>): void {
    const place: Place = { key: `out ${port} ${address}`, peer: address, port, direction: 'out' };
    const before = this.refusals.get(place.key);
    this.refusals.set(place.key, { place, count: (before?.count ?? 0) + 1 });
  }

  /** Who asked is told by who was seen to ask there before. */
  private addRefusals(): void {
    for (const { place, count } of this.refusals.values()) {
      const owner = this.owners.get(place.key) ?? null;
      const its = [...this.tallies.values()].filter((tally) => tally.place.key === place.key);
      const known = its.reduce((sum, { failures }) => sum + failures, 0);
      const tally = this.tallyOf(keyOf(place, owner), place, owner);
      for (let left = count - known; left > 0; left--) tally?.addFailed();
    }
  }

  /**
   * The edges of this look. `sampled` is the share of the established sockets that was read: below 1 what was not seen
   * again need not be gone. `isNear` tells which addresses are on the same wire, `wireOf` on which one was asked for.
   */
  sample(
    sampled = 1,
    isNear: (address: string) => boolean = () => false,
    wireOf: WireOf = () => undefined,
  ): Edges {
    this.addRefusals();
    for (const [cookie, known] of this.known) {
      if (known.look === this.look.number) continue;
      if (known.open && sampled === 1) this.tallyOf(known.key, known.place, known.owner)?.addClosed();
      this.known.delete(cookie);
    }
    this.rememberHolders();
    const since = this.look.before !== undefined && !this.blind;
    const ranked = [...this.tallies.values()]
      .map((tally) => ({ tally, rank: tally.rank }))
      .sort((a, b) => b.rank - a.rank);
    return {
      sinceMs: this.look.before !== undefined && since ? this.look.at - this.look.before : null,
      sampled,
      list: ranked
        .slice(0, MOST_KEPT)
        .map(({ tally }) => tally.edge(since, isNear(tally.place.peer), wireOf)),
      left: Math.max(0, ranked.length - MOST_KEPT) + this.unheard,
    };
  }

  private rememberHolders(): void {
    const { at } = this.look;
    for (const [key, tally] of this.tallies) {
      const before = this.holders.get(key);
      if (tally.heldBy.length > 0) this.holders.set(key, { at, by: [...tally.heldBy] });
      else if (before && at - before.at <= HOLDERS_KEPT_MS && tally.isHeld)
        for (const holder of before.by) tally.addHolder(holder);
    }
  }

  /** Undefined beyond the bound. */
  private tallyOf(key: string, place: Place, owner: string | null): EdgeTally | undefined {
    const known = this.tallies.get(key);
    if (known) return known;
    if (this.tallies.size >= MOST_TOLD_APART) {
      this.unheard++;
      return undefined;
    }
    const made = new EdgeTally(place, owner);
    this.tallies.set(key, made);
    return made;
  }
}

const keyOf = (place: Place, owner: string | null): string =>
  owner === null ? place.key : `${place.key} ${owner}`;
