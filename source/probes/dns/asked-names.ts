import type { SeenMessage } from '../../linux/packet/dns-message.js';
import { isOwnQuestion } from './own-questions.js';

/** A name that nobody asked for so long (ms) is no longer needed. */
const REMEMBERED_MS = 600_000;
/** Names remembered of one client; the ones asked last stay. */
const MOST_NAMES = 64;
/** Who tries suffixes does so before or after the name itself, within a few waits of 5 s each (ms). */
const SEARCHED_MS = 30_000;

/** The names that one client was seen to ask for. */
export class AskedNames {
  /** By name: wall-clock or monotonic ms of the last time; in the order of it. */
  private readonly names = new Map<string, number>();

  /** Takes in what was seen; answers and our own questions are left out. */
  saw(messages: readonly SeenMessage[], now: number): void {
    for (const { kind, id, qname } of messages) {
      if (kind === 'answer' || isOwnQuestion(id, qname)) continue;
      this.names.delete(qname);
      this.names.set(qname, now);
    }
    for (const [name, at] of this.names)
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
    const asIs = this.names.get(written) ?? 0;
    const last = search.map((suffix) => this.names.get(`${written}.${suffix}`.toLowerCase()));
    return last.some((at) => at !== undefined && at >= asIs - SEARCHED_MS);
  }
}

function withoutSuffix(qname: string, search: readonly string[]): string {
  const suffixes = search.filter((suffix) => suffix !== '' && qname.endsWith(`.${suffix.toLowerCase()}`));
  const longest = suffixes.reduce((most, one) => (one.length > most.length ? one : most), '');
  return longest === '' ? qname : qname.slice(0, -longest.length - 1);
}
