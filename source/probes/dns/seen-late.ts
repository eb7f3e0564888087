import type { SeenMessage } from '../../linux/packet/dns-message.js';
import { isOwnQuestion } from './own-questions.js';
import type { DnsLateAnswer, DnsNameSample, DnsOutcome } from './sample.js';

/** The probe's own patience (ms), and what reading once a second may add. */
const LATE_MS = 3_000;
/** Answers of which the question is older (ms) say nothing. */
const WATCHED_MS = 30_000;
/** Questions watched at once, and late answers kept until they are taken. */
const MOST = 1_024;
const MOST_KEPT = 20;
/** Names whose times are kept until they are taken. */
const MOST_NAMES = 64;

/** RFC 1035 4.1.1. */
const OUTCOMES: Readonly<Record<number, DnsOutcome>> = {
  ...{ 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED' },
};

/**
 * Answers to others that came long after their question: nobody waits for them any more, and they say that a server is
 * alive and behind. And how long others wait for what they are given. Times are exact where the kernel tells when a packet
 * came; else of late answers alone, as exact as the looks are frequent.
 */
export class SeenLate {
  /** When a question was first seen, by id, name and type. */
  private readonly asked = new Map<string, { readonly seen: number; readonly at: number | undefined }>();
  private readonly late = new Map<string, readonly DnsLateAnswer[]>();
  private readonly times = new Map<string, readonly number[]>();

  saw(messages: readonly SeenMessage[], now: number): void {
    for (const { kind, id, qname, qtype, rcode, answers, at } of messages) {
      const key = `${id} ${qname} ${qtype}`;
      const question = this.asked.get(key);
      if (kind === 'question') {
        if (question === undefined && !isOwnQuestion(id, qname)) this.asked.set(key, { seen: now, at });
        continue;
      }
      this.asked.delete(key);
      if (question === undefined) continue;
      const exact = at !== undefined && question.at !== undefined ? Math.max(0, at - question.at) : undefined;
      const ms = exact ?? now - question.seen;
      if (exact !== undefined && rcode === 0) this.took(qname, exact);
      if (ms < LATE_MS) continue;
      const outcome = OUTCOMES[rcode] ?? (rcode !== 0 ? 'OTHER' : answers > 0 ? 'NOERROR' : 'NODATA');
      const kept = this.late.get(qname) ?? [];
      this.late.set(qname, [...kept, { qname, qtype, outcome, ms }].slice(-MOST_KEPT));
    }
    for (const [key, { seen }] of this.asked)
      if (now - seen > WATCHED_MS || this.asked.size > MOST) this.asked.delete(key);
  }

  /** Whether somebody waits longer than a server that is well takes. */
  waits(now: number): boolean {
    return [...this.asked.values()].some(({ seen }) => now - seen >= LATE_MS / 2);
  }

  /** The late answers for a name as applications write it, each once. */
  take(name: string): DnsLateAnswer[] {
    return takeFor(name, this.late);
  }

  /** How long (ms) others waited for what they were given for a name, the last ones, each once. */
  takeTimes(name: string): number[] {
    return takeFor(name, this.times);
  }

  private took(qname: string, ms: number): void {
    this.times.set(qname, [...(this.times.get(qname) ?? []), ms].slice(-MOST_KEPT));
    const [oldest] = this.times.keys();
    if (this.times.size > MOST_NAMES && oldest !== undefined) this.times.delete(oldest);
  }
}

/** What is kept for a name, with a suffix of a search list or without; it is kept no longer. */
function takeFor<Kept>(name: string, kept: Map<string, readonly Kept[]>): Kept[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const taken: Kept[] = [];
  for (const [qname, all] of kept)
    if (qname === wanted || qname.startsWith(`${wanted}.`)) {
      taken.push(...all);
      kept.delete(qname);
    }
  return taken;
}

/** The part of a sample that tells how long others waited; none where nobody was seen to. */
export const othersOf = (othersMs: readonly number[]): Pick<DnsNameSample, 'othersMs'> =>
  othersMs.length > 0 ? { othersMs } : {};
