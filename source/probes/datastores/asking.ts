import type { Verdict } from './dialogues/index.js';
import type { KindOfDatastore } from './kinds.js';
import type { DatastoreState } from './sample.js';

/** While a server is well it is asked so often (ms); one that is not, more often, to see it come back. */
const WELL_MS = 10_000;
const SICK_MS = 5_000;
/** One that takes connections and is silent keeps each of ours in its queue: later and later, at most so late (ms). */
const SILENT_MS = [10_000, 20_000, 40_000, 60_000];
/** What speaks another protocol is asked again so late (ms): something else may listen there by then. */
const OTHER_MS = 300_000;
/** Servers that log an unfinished handshake: least time between two (ms), and how many in all. */
const SUSPECTED_MS = 60_000;
const SUSPECTED_MOST = 10;
/** As far as it leaves a line in the log a PostgreSQL is asked so often (ms), unless it has lost its clients. */
const LOGGED_MS = 60_000;

/** What is seen of a listener before it is asked. */
export interface Seen {
  readonly kind: KindOfDatastore;
  readonly queued: number;
  readonly backlog: number | null;
  readonly frozen: boolean;
  readonly clients: number | null;
  /** Why it is suspected; undefined while nothing looks sick. */
  readonly suspicion: string | undefined;
  /** Names its process for good. */
  readonly life: string;
}

export type Plan =
  | { readonly ask: 'fully' | 'quietly' }
  | { readonly ask: 'not'; readonly why: string | null };

/** The answer that was got last. */
export interface Answer {
  readonly state: DatastoreState;
  readonly said: string;
  readonly answerMs: number | null;
  /** Wall-clock ms. */
  readonly at: number;
}

/** When one listener is asked, how far, and when it is left alone. Times are monotonic ms. */
export class Asking {
  answer: Answer | undefined;
  /** It has said something of its protocol: it is what it was held for. */
  spoke = false;
  /** It had clients, or answered. */
  used = false;
  private askedAt = Number.NEGATIVE_INFINITY;
  private fullyAt = Number.NEGATIVE_INFINITY;
  private times = 0;
  private silences = 0;
  private logged = false;
  private life = '';
  private clientsThen = 0;

  plan(seen: Seen, now: number): Plan {
    if (seen.life !== this.life) this.begin(seen.life);
    this.used ||= (seen.clients ?? 0) > 0;
    const { queued, backlog, kind } = seen;
    if (backlog !== null && queued > backlog / 2)
      return not(`not asked: ${queued} of ${backlog} places in its accept queue are taken`);
    if (seen.frozen && this.answer?.state === 'silent') return not(null);
    const suspected = kind.asked === 'suspected';
    if (suspected && seen.suspicion === undefined && !this.isSick())
      return not('not asked: it logs a handshake that is broken off, and its connections look well');
    if (suspected && this.times >= SUSPECTED_MOST)
      return not(
        `not asked any more: it logs each handshake that is broken off, and was asked ${this.times} times`,
      );
    if (now - this.askedAt < this.intervalMs(suspected)) return not(null);
    return { ask: this.isQuiet(seen, now) ? 'quietly' : 'fully' };
  }

  /** Notes that it is asked now. */
  begins(ask: 'fully' | 'quietly', clients: number | null, now: number): void {
    this.askedAt = now;
    this.times++;
    if (ask === 'fully') this.fullyAt = now;
    this.clientsThen = clients ?? 0;
  }

  take(answer: Answer, verdict: Verdict | null): void {
    this.silences = answer.state === 'silent' ? this.silences + 1 : 0;
    if (verdict && verdict.state !== 'other') this.spoke = this.used = true;
    if (verdict?.logged) this.logged = true;
    this.answer = answer;
  }

  private isSick(): boolean {
    return this.answer !== undefined && this.answer.state !== 'alive' && this.answer.state !== 'other';
  }

  private intervalMs(suspected: boolean): number {
    const state = this.answer?.state;
    if (state === 'other') return OTHER_MS;
    if (suspected) return SUSPECTED_MS;
    if (state === 'silent' || state === 'unreachable')
      return SILENT_MS[Math.min(this.silences, SILENT_MS.length) - 1] ?? WELL_MS;
    return state === 'alive' ? WELL_MS : SICK_MS;
  }

  /** A server that logs what we ask is asked for less, while nothing has changed. */
  private isQuiet({ clients, suspicion }: Seen, now: number): boolean {
    if (!this.logged || this.answer?.state !== 'alive') return false;
    const lost = clients !== null && clients < this.clientsThen / 2;
    const suspect = suspicion !== undefined && now - this.fullyAt >= WELL_MS;
    return !lost && !suspect && now - this.fullyAt < LOGGED_MS;
  }

  private begin(life: string): void {
    this.life = life;
    this.askedAt = this.fullyAt = Number.NEGATIVE_INFINITY;
    this.silences = this.times = 0;
    this.logged = false;
  }
}

const not = (why: string | null): Plan => ({ ask: 'not', why });
