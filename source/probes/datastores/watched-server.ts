import { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../clock.js';
import type { Libc } from '../../linux/namespace/libc.js';
import { nodeSockets } from '../../linux/namespace/node-sockets.js';
import { countFds } from '../../linux/process/process-fds.js';
import { parseOpenFileLimit } from '../../linux/process/process-limits.js';
import { tryReadText } from '../../linux/read-text.js';
import { type Doors, type Refusal, refusalText, type Turn } from '../doors/doors.js';
import { noteOwnFailure } from '../own-connections.js';
import { type Answer, Asking } from './asking.js';
import type { Candidate } from './candidates.js';
import { dialogueOf, type Verdict } from './dialogues/index.js';
import { type Exchange, exchange } from './exchange.js';
import { type Established, establishedIn } from './listening.js';
import type { Datastore, DatastoreSlots, SlotHolder } from './sample.js';
import { holdersOf, processesWith } from './slots/holders.js';
import { SlotReader } from './slots/slots.js';

/** Who the clients are is looked up so often (ms), and only where the slots are nearly taken. */
const HOLDERS_MS = 15_000;
const NEARLY_FULL = 0.8;
/** How long the turns of other probes at it are waited for (ms). */
const TURN_MS = 3_000;

/** What a look takes with it. */
export interface Look {
  readonly libc: Libc | undefined;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly patienceMs: number;
  /** Containers by their addresses. */
  readonly names: ReadonlyMap<string, string>;
  /** Turns at listeners, among all probes. */
  readonly doors: Doors | undefined;
  /** What makes every database suspect now; undefined for nothing. */
  readonly suspicion: string | undefined;
}

/** One server between looks: when it was asked, what it said, who holds its slots. */
export class WatchedServer {
  last: Datastore | undefined;
  seenAt = 0;
  private readonly asking = new Asking();
  private readonly slots = new SlotReader();
  private queuedBefore = 0;
  private holders: readonly SlotHolder[] = [];
  private holdersAt = Number.NEGATIVE_INFINITY;

  /** Asks it where that is due, and says how it is. `established` are its connections, null where not counted. */
  async look(
    candidate: Candidate,
    established: readonly Established[] | null,
    look: Look,
  ): Promise<Datastore> {
    const asking = this.asking;
    const { place, process, kind, queued, backlog } = candidate;
    const now = look.clock.now();
    const frozen = place.paused || process?.state === 'T' || process?.state === 't';
    const clients = established === null ? null : established.length;
    const slots = this.slots.read(candidate, clients, look.libc, now);
    const suspicion =
      this.suspicion(frozen, queued, slots) ?? (candidate.named ? 'it was asked for' : look.suspicion);
    this.queuedBefore = queued;
    const life = process ? `${process.pid} ${process.startTicks}` : String(place.pid);
    const plan = asking.plan({ kind, frozen, clients, suspicion, queued, backlog, life }, now);
    let note = plan.ask === 'not' ? plan.why : null;
    if (plan.ask !== 'not') {
      try {
        const turn = await turnAt(candidate, look);
        if (turn && !turn.granted) note = `not asked: ${refusalText(turn)}`;
        else
          try {
            asking.begins(plan.ask, clients, now);
            const { answer, verdict } = await ask(candidate, plan.ask === 'quietly', look);
            asking.take(answer, verdict);
          } finally {
            turn?.leave();
          }
      } catch (error) {
        look.signal.throwIfAborted();
        note = `not asked: ${(error as Error).message}`;
      }
    }
    const { answer, spoke, used } = asking;
    await this.lookUpHolders(
      candidate,
      established ?? [],
      isNearlyFull(slots) || answer?.state === 'full',
      look,
    );
    this.seenAt = look.clock.now();
    this.last = {
      kind: kind.kind,
      address: candidate.address,
      workload: place.workload,
      process: process ? { pid: process.pid, command: process.command } : null,
      knownBy: candidate.knownBy === 'port' && spoke ? 'protocol' : candidate.knownBy,
      state: answer?.state ?? 'unasked',
      said: answer?.said ?? '',
      answerMs: answer?.answerMs ?? null,
      askedAt: answer?.at ?? null,
      ...{ note, queued, backlog, frozen, clients, used, slots },
      ...(isMute(answer) && process ? openFilesOf(process.pid) : {}),
      holders: this.holders,
    };
    return this.last;
  }

  private suspicion(frozen: boolean, queued: number, slots: DatastoreSlots | null): string | undefined {
    if (frozen) return 'its process is stopped';
    if (queued > 0 && queued >= this.queuedBefore && this.queuedBefore > 0)
      return 'connections wait to be accepted';
    return isNearlyFull(slots) ? 'nearly all of its connections are taken' : undefined;
  }

  private async lookUpHolders(
    candidate: Candidate,
    established: readonly Established[],
    wanted: boolean,
    look: Look,
  ): Promise<void> {
    if (!wanted) this.holders = [];
    else if (look.clock.now() - this.holdersAt > HOLDERS_MS) {
      this.holders = await whoHolds(candidate, this.slots, established, look);
      this.holdersAt = look.clock.now();
    }
  }
}

/** Whether it said nothing, be it that it ended the connection: it may have no file left to open for one. */
const isMute = (answer: Answer | undefined): boolean =>
  answer?.state === 'silent' || answer?.state === 'broken-off';

/** Nothing where we may not look. */
function openFilesOf(pid: number): Pick<Datastore, 'files'> {
  const limit = parseOpenFileLimit(tryReadText(`/proc/${pid}/limits`) ?? '');
  const open = limit === null ? null : countFds(pid);
  return limit === null || open === null ? {} : { files: { open, limit } };
}

/** Whether most of what an ordinary client may have is taken: worth knowing by whom. */
const isNearlyFull = (slots: DatastoreSlots | null): boolean =>
  slots !== null && slots.most !== null && slots.held >= NEARLY_FULL * (slots.most - slots.reserved);

/** Leave to connect; undefined where nobody else connects. Rejects where others are at it for too long. */
async function turnAt(
  { askAt: [address], port }: Candidate,
  { doors, signal }: Look,
): Promise<Turn | Refusal | undefined> {
  if (address === undefined) return undefined;
  const patience = AbortSignal.timeout(TURN_MS);
  return await doors?.enter({ address, port }, 0, AbortSignal.any([signal, patience]));
}

async function ask(
  { place, port, kind, askAt }: Candidate,
  quietly: boolean,
  { libc, signal, clock, patienceMs }: Look,
): Promise<{ readonly answer: Answer; readonly verdict: Verdict | null }> {
  let ended: Exchange | undefined;
  for (const address of askAt) {
    const socket =
      place.pid !== null && libc
        ? nodeSockets(libc, place.pid).connect({ address, port })
        : new Socket().connect({ host: address, port });
    noteOwnFailure(socket, port);
    ended = await exchange(socket, dialogueOf(kind.kind, quietly), { patienceMs, clock, signal });
    // One that listens for IPv6 alone, or behind a rule, is asked by its other address.
    if (ended.connectMs !== null) break;
  }
  return { answer: answerOf(ended, kind.title, patienceMs, clock.wall()), verdict: ended?.verdict ?? null };
}

/** Who has its connections: containers by their address, processes of this host by their sockets. */
async function whoHolds(
  { port, address }: Candidate,
  slots: SlotReader,
  established: readonly Established[],
  { signal, names }: Look,
): Promise<SlotHolder[]> {
  const own = ownAddresses();
  const list = holdersOf(slots.holders(), established, (peer) => names.get(peer) ?? null);
  if (!list.some(({ who, peer }) => who === null && own.has(peer))) return list;
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const ends = await establishedIn({ pid: null, libc: undefined, signal }, { far: new Set([port]) }).catch(
    () => [],
  );
  signal.throwIfAborted();
  const inodes = ends.filter(({ peer, inode }) => peer === host && inode !== 0).map(({ inode }) => inode);
  const [process] = inodes.length > 0 ? processesWith(new Set(inodes)) : [];
  const here = process === undefined ? null : `process ${process} of this host`;
  return list.map((one) => (one.who === null && own.has(one.peer) ? { ...one, who: here } : one));
}

function ownAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((of) => (of ?? []).map(({ address }) => address)),
  );
}

/** How it is, by how the connection ended. */
function answerOf(ended: Exchange | undefined, title: string, patienceMs: number, at: number): Answer {
  const answerMs = ended?.firstByteMs ?? null;
  if (!ended) return { state: 'unasked', said: '', answerMs, at };
  const { verdict, connectMs, closed, errno } = ended;
  if (verdict) return { state: verdict.state, said: verdict.said, answerMs, at };
  if (answerMs !== null) return { state: 'other', said: `does not speak as ${title} does`, answerMs, at };
  if (connectMs === null && !closed) {
    if (errno === 'ECONNREFUSED') return { state: 'refused', said: 'connection refused', answerMs, at };
    const said =
      errno === null ? `no answer to SYN within ${patienceMs / 1000} s` : `cannot be reached (${errno})`;
    return { state: 'unreachable', said, answerMs, at };
  }
  return closed
    ? { state: 'broken-off', said: 'takes the connection and ends it without a word', answerMs, at }
    : {
        state: 'silent',
        said: `takes connections and said nothing within ${patienceMs / 1000} s`,
        answerMs,
        at,
      };
}
