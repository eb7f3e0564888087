import type { SeenMessage } from '../../linux/packet/dns-message.js';
import { isOwnQuestion } from './own-questions.js';

/** A name that nobody asked for so long (ms) is no longer needed. */
const REMEMBERED_MS = 600_000;
/** Names remembered of one client; the ones asked last stay. */
const MOST_NAMES = 64;
/** Who tries suffixes does so before or after the name itself, within a few waits of 5 s each (ms). */
const SEARCHED_MS = 30_000;
/** Asked for the last time so long ago (ms) it is still asked for: longer than the pause between two looks at packets. */
const GOES_ON_MS = 15_000;

interface Asked {
  /** Monotonic ms of the last time. */
  readonly at: number;
  /** Times, by the type of question that was asked most: one lookup asks for A and AAAA. */
  readonly times: Readonly<Record<SeenMessage['qtype'], number>>;
}

/** The names that one client was seen to ask for. */
export class AskedNames {
  /** By name, in the order of the last time. */
  private readonly names = new Map<string, Asked>();

  /** Takes in what was seen; answers and our own questions are left out. */
  saw(messages: readonly SeenMessage[], now: number): void {
    for (const { kind, id, qname, qtype } of messages) {
      if (kind === 'answer' || isOwnQuestion(id, qname)) continue;
      const { times } = this.names.get(qname) ?? { times: { A: 0, AAAA: 0 } };
      this.names.delete(qname);
      this.names.set(qname, { at: now, times: { ...times, [qtype]: times[qtype] + 1 } });
    }
    for (const [name, { at }] of this.names)
      if (now - at > REMEMBERED_MS || this.names.size > MOST_NAMES) this.names.delete(name);
  }

  /**
   * The names as applications write them, the one asked last first: without the suffix that the search list put there.
   */
  asWritten(search: readonly string[]): string[] {
    const written = [...this.names.keys()].reverse().map((qname) => withoutSuffix(qname, search));
    return [...new Set(written)];
  }

  /** Whether who asks for a name tries the search list: a form with a suffix was seen about as late as the name itself. */
  searches(written: string, search: readonly string[]): boolean {
    const asIs = this.names.get(written)?.at ?? 0;
    const last = search.map((suffix) => this.names.get(`${written}.${suffix}`.toLowerCase())?.at);
    return last.some((at) => at !== undefined && at >= asIs - SEARCHED_MS);
  }

  /** How often a name, as applications write it, was asked for, with a suffix or without; 0 once nobody does any more. */
  timesAsked(name: string, search: readonly string[], now: number): number {
    const counts = [...this.names].flatMap(([qname, { at, times }]) =>
      withoutSuffix(qname, search) === name && now - at <= GOES_ON_MS ? [Math.max(times.A, times.AAAA)] : [],
    );
    return Math.max(0, ...counts);
  }
}

function withoutSuffix(qname: string, search: readonly string[]): string {
  const suffixes = search.filter((suffix) => suffix !== '' && qname.endsWith(`.${suffix.toLowerCase()}`));
  const longest = suffixes.reduce((most, one) => (one.length > most.length ? one : most), '');
  return longest === '' ? qname : qname.slice(0, -longest.length - 1);
}
