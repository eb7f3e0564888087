import type { Exchange } from './exchange.js';
import type { DnsLateAnswer } from './sample.js';

/** Late answers kept until the next run takes them; more than that says nothing new. */
const MOST_KEPT = 100;

/**
 * Keeps the sockets of unanswered questions open for a while: an answer that comes after its client gave up tells a
 * resolver that is saturated from one that is dead. Bounded in number and in time.
 */
export class LateWatch {
  private readonly open = new Map<Exchange, NodeJS.Timeout>();
  private readonly late = new Map<string, DnsLateAnswer[]>();

  constructor(
    private readonly watchMs: number,
    /** Exchanges watched at most; each is two questions and one socket. */
    private readonly most: number,
  ) {}

  /** Takes over an exchange whose patience is over; closes it at once when nothing is open on it. */
  take(key: string, exchange: Exchange): void {
    const waiting = exchange.watch(
      (answer) => this.note(key, answer),
      () => this.drop(exchange),
    );
    if (!waiting) {
      exchange.close();
      return;
    }
    const timer = setTimeout(() => this.drop(exchange), this.watchMs);
    timer.unref();
    this.open.set(exchange, timer);
    const [oldest] = this.open.keys();
    if (this.open.size > this.most && oldest) this.drop(oldest);
  }

  /** The late answers of a key since they were last asked for. */
  drain(key: string): DnsLateAnswer[] {
    const answers = this.late.get(key) ?? [];
    this.late.delete(key);
    return answers;
  }

  get watched(): number {
    return this.open.size;
  }

  close(): void {
    for (const exchange of [...this.open.keys()]) this.drop(exchange);
  }

  private note(key: string, answer: DnsLateAnswer): void {
    const answers = this.late.get(key) ?? [];
    if (answers.length < MOST_KEPT) answers.push(answer);
    this.late.set(key, answers);
  }

  private drop(exchange: Exchange): void {
    clearTimeout(this.open.get(exchange));
    this.open.delete(exchange);
    exchange.close();
  }
}
