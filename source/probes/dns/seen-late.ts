import type { SeenMessage } from '../../linux/packet/dns-message.js';
import { isOwnQuestion } from './own-questions.js';
import type { DnsLateAnswer, DnsOutcome } from './sample.js';

/** The probe's own patience (ms), and what reading once a second may add. */
const LATE_MS = 3_000;
/** Answers of which the question is older (ms) say nothing. */
const WATCHED_MS = 30_000;
/** Questions watched at once, and late answers kept until they are taken. */
const MOST = 1_024;
const MOST_KEPT = 20;

/** RFC 1035 4.1.1. */
const OUTCOMES: Readonly<Record<number, DnsOutcome>> = {
  ...{ 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED' },
};

/**
 * Answers to others that came long after their question: nobody waits for them any more, and they say that a server is
 * alive and behind. Times are as exact as the looks are frequent.
 */
export class SeenLate {
  /** When a question was first seen, by id, name and type. */
  private readonly asked = new Map<string, number>();
  private readonly late = new Map<string, DnsLateAnswer[]>();

  saw(messages: readonly SeenMessage[], now: number): void {
    for (const { kind, id, qname, qtype, rcode, answers } of messages) {
      const key = `${id} ${qname} ${qtype}`;
      const at = this.asked.get(key);
      if (kind === 'question') {
        if (at === undefined && !isOwnQuestion(id, qname)) this.asked.set(key, now);
        continue;
      }
      this.asked.delete(key);
      if (at === undefined || now - at < LATE_MS) continue;
      const outcome = OUTCOMES[rcode] ?? (rcode !== 0 ? 'OTHER' : answers > 0 ? 'NOERROR' : 'NODATA');
      const kept = this.late.get(qname) ?? [];
      this.late.set(qname, [...kept, { qname, qtype, outcome, ms: now - at }].slice(-MOST_KEPT));
    }
    for (const [key, at] of this.asked)
      if (now - at > WATCHED_MS || this.asked.size > MOST) this.asked.delete(key);
  }

  /** Whether somebody waits longer than a server that is well takes. */
  waits(now: number): boolean {
    return [...this.asked.values()].some((at) => now - at >= LATE_MS / 2);
  }

  /** The late answers for a name as applications write it, each once. */
  take(name: string): DnsLateAnswer[] {
    const wanted = name.toLowerCase().replace(/\.$/, '');
    const taken: DnsLateAnswer[] = [];
    for (const [qname, answers] of this.late)
      if (qname === wanted || qname.startsWith(`${wanted}.`)) {
        taken.push(...answers);
        this.late.delete(qname);
      }
    return taken;
  }
}
