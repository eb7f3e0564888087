import { parseCounters } from '../../linux/proc-net/counters.js';
import { tryReadText } from '../../linux/read-text.js';
import type { InsideSample } from '../../probes/samples.js';
import type { Watched } from './choose.js';

/** So many looks in a row have to find a network calm. */
const LOOKS = 3;
/** A round trip that is longer (ms) is not what two on one machine have. */
const LONG_ROUND_TRIP_MS = 10;
/** A request that waits so long (ms) may wait for good. */
const LONG_WAIT_MS = 1_000;
/** Connections that wait to be accepted: one is met by chance. */
const QUEUED = 1;
/** None of these moves while all that is sent arrives, and whoever is asked answers. */
const TROUBLE = ['Tcp.RetransSegs', 'Tcp.AttemptFails', 'Tcp.EstabResets', 'Tcp.OutRsts'] as const;
/** Traffic has stopped when less than this share of what is usual comes in, where that is so many segments a second. */
const STOPPED = { share: 0.25, usual: 5 } as const;
/** Connections pile up when there are so many times as many as before, and so many more. */
const PILED_UP = { times: 2, more: 5 } as const;
/** Pulses lie so far apart (ms). */
const EVERY_MS = 2_000;

/** What /proc/<pid>/net/snmp says of a network now. */
type Pulse = ReadonlyMap<string, number>;

interface Known {
  readonly pid: number | null;
  /** Looks in a row that found nothing unusual. */
  looks: number;
  /** The first pulse since it is calm, and the last one. */
  first: { readonly at: number; readonly pulse: Pulse } | undefined;
  last: { readonly at: number; readonly pulse: Pulse } | undefined;
}

/**
 * Which containers are calm: nothing in them waits, is sent again or refused. A look into one costs milliseconds, its
 * counters a fiftieth of that: the calm are looked into less often, and at once when their counters say otherwise.
 */
export class CalmContainers {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly pulseOf = (pid: number): Pulse =>
      parseCounters(tryReadText(`/proc/${pid}/net/snmp`) ?? ''),
  ) {}

  /** Takes in what a look found. */
  saw(sample: InsideSample): void {
    const { name, pid } = sample;
    const before = this.known.get(name);
    const same = before?.pid === pid ? before : { pid, looks: 0, first: undefined, last: undefined };
    same.looks = isCalm(sample) ? same.looks + 1 : 0;
    if (same.looks < LOOKS) same.first = same.last = undefined;
    this.known.set(name, same);
  }

  isCalm(name: string): boolean {
    return (this.known.get(name)?.looks ?? 0) >= LOOKS;
  }

  /** Feels the pulse of those that are calm; gives the names of those that are so no more. `now` is monotonic ms. */
  look(watched: readonly Pick<Watched, 'name' | 'pid'>[], now: number): string[] {
    const there = new Map(watched.map(({ name, pid }) => [name, pid]));
    const stirred: string[] = [];
    for (const [name, known] of this.known) {
      const pid = there.get(name);
      if (pid === undefined) this.known.delete(name);
      if (pid == null || known.looks < LOOKS || (known.last && now - known.last.at < EVERY_MS)) continue;
      if (this.isUnchanged(pid, known, now)) continue;
      known.looks = 0;
      known.first = known.last = undefined;
      stirred.push(name);
    }
    return stirred;
  }

  private isUnchanged(pid: number, known: Known, now: number): boolean {
    const { first, last } = known;
    const pulse = this.pulseOf(pid);
    // Its process has another network, or has ended: the next look says so.
    if (pid !== known.pid || !pulse.has('Tcp.InSegs')) return false;
    known.last = { at: now, pulse };
    known.first ??= known.last;
    if (!first || !last) return true;
    const of = (from: Pulse, name: string): number => from.get(name) ?? 0;
    const perSecond = (from: { at: number; pulse: Pulse }, to: { at: number; pulse: Pulse }): number =>
      (1000 * (of(to.pulse, 'Tcp.InSegs') - of(from.pulse, 'Tcp.InSegs'))) / Math.max(1, to.at - from.at);
    const usual = perSecond(first, last);
    const [open, were] = [pulse, first.pulse].map((each) => of(each, 'Tcp.CurrEstab')) as [number, number];
    return (
      TROUBLE.every((name) => of(pulse, name) === of(last.pulse, name)) &&
      (usual < STOPPED.usual || perSecond(last, known.last) >= STOPPED.share * usual) &&
      (open < PILED_UP.times * were || open < were + PILED_UP.more)
    );
  }
}

/** Whether a look found nothing that is unusual. */
export function isCalm({ sockets, askers }: InsideSample): boolean {
  if (sockets === null || (askers ?? 0) > 0) return false;
  const { edges, listeners, closeWait } = sockets;
  if (edges.sampled < 1 || (closeWait?.length ?? 0) > 0 || listeners.some(({ queued }) => queued > QUEUED))
    return false;
  return edges.list.every(
    ({ synSent, stalled, zeroWindow, resent, lateOpened, failed, unanswered, minRttMs, rttMs }) =>
      synSent.retried === 0 &&
      !stalled &&
      zeroWindow === 0 &&
      !resent &&
      !lateOpened &&
      !failed &&
      (unanswered?.longestMs ?? 0) < LONG_WAIT_MS &&
      Math.max(minRttMs ?? 0, rttMs ?? 0) < LONG_ROUND_TRIP_MS,
  );
}
