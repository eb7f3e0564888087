import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../clock.js';
import { askTcp, type OpenStream, outcomeOfError } from './ask-tcp.js';
import { type AddressType, type DnsQuestion, decodeReply, encodeQuestion, newQuestion } from './message.js';
import type { DnsLateAnswer, DnsOutcome, DnsStep } from './sample.js';

export interface DnsServer {
  readonly address: string;
  readonly port: number;
}

export interface ExchangeOptions {
  readonly qname: string;
  readonly server: DnsServer;
  readonly patienceMs: number;
  readonly clock: Clock;
  /** Where to ask from, when not from our own network: a UDP socket of that family, connected to nothing yet. */
  readonly openSocket?: ((family: 4 | 6) => Socket) | undefined;
  /** The same for the question over TCP. */
  readonly openStream?: OpenStream | undefined;
  /** What is asked for; A and AAAA by default. */
  readonly types?: readonly AddressType[] | undefined;
  /** The second question leaves when the first is answered (`options single-request`). */
  readonly oneAtATime?: boolean | undefined;
  /** Asked over TCP from the start (`options use-vc`). */
  readonly overTcp?: boolean | undefined;
}

/**
 * One step of a lookup as libc makes it: A and AAAA in the same tick from one fresh, connected UDP socket (connected,
 * so that an ICMP port unreachable comes back as an error). What is not answered in time can be watched further.
 */
export class Exchange {
  private readonly socket: Socket;
  private readonly questions: readonly DnsQuestion[];
  private readonly steps = new Map<DnsQuestion, DnsStep>();
  private readonly onTcp = new Set<DnsQuestion>();
  /** Those of them that were answered over UDP, in part. */
  private readonly cut = new Set<DnsQuestion>();
  private readonly sent = new Set<DnsQuestion>();
  private readonly abort = new AbortController();
  private sentAt = 0;
  private onChange: () => void = () => undefined;
  private onLate: ((answer: DnsLateAnswer) => void) | undefined;
  private closed = false;
  /** An error of ours (no descriptor, no right to send), which says nothing of the server. */
  private fatal: Error | undefined;

  constructor(private readonly options: ExchangeOptions) {
    const [first = 'A', second] = options.types ?? ['A', 'AAAA'];
    const one = newQuestion(options.qname, first);
    this.questions = second ? [one, newQuestion(options.qname, second, one.id)] : [one];
    this.socket = (options.openSocket ?? openSocket)(isIPv6(options.server.address) ? 6 : 4);
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('message', (bytes: Buffer) => this.receive(bytes));
  }

  /** Asks, and resolves once both are answered or patience is over. Rejects with the reason of an aborted signal. */
  async ask(signal: AbortSignal): Promise<DnsStep[]> {
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    this.onChange = () => {
      if (this.pending().length === 0 || this.fatal) resolve();
    };
    const stop = (): void => resolve();
    const timer = setTimeout(stop, this.options.patienceMs);
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.send();
      if (!signal.aborted) await promise;
      signal.throwIfAborted();
      if (this.fatal) throw this.fatal;
      return this.questions.map((question) => this.steps.get(question) ?? this.unanswered(question));
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.onChange = () => undefined;
    }
  }

  /** Goes on listening for what nobody answered in time. True when there is something to wait for. */
  watch(onLate: (answer: DnsLateAnswer) => void, onEmpty: () => void): boolean {
    this.abort.abort();
    this.onLate = onLate;
    this.onChange = () => {
      if (this.pending().length === 0) onEmpty();
    };
    // A watch alone must not keep the program alive.
    if (!this.closed) this.socket.unref();
    return !this.closed && this.pending().length > 0;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.abort.abort();
    this.socket.close();
  }

  private pending(): DnsQuestion[] {
    return this.questions.filter((question) => !this.steps.has(question));
  }

  private send(): void {
    const { address, port } = this.options.server;
    this.sentAt = this.options.clock.now();
    if (this.options.overTcp) {
      this.sendNext();
      return;
    }
    // Node calls back with why it could not connect, too (no route, an address of no family here); its types leave
    // that out. What is sent on a socket that is not connected throws.
    const connected = (error?: Error | null): void => {
      if (this.closed) return;
      this.sentAt = this.options.clock.now();
      if (error) this.fail(error);
      else this.sendNext();
    };
    this.socket.connect(port, address, connected);
  }

  /** Sends what is not sent yet: all of it, or the next question where they go one at a time. */
  private sendNext(): void {
    const next = this.pending().filter((question) => !this.sent.has(question));
    for (const question of this.options.oneAtATime ? next.slice(0, 1) : next) {
      this.sent.add(question);
      if (this.options.overTcp) this.askOverTcp(question).catch((error: Error) => this.fail(error));
      else this.sendOne(question);
    }
  }

  private sendOne(question: DnsQuestion): void {
    try {
      this.socket.send(encodeQuestion(question), (error) => {
        if (error) this.fail(error);
      });
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private receive(bytes: Buffer): void {
    for (const question of this.pending()) {
      const reply = decodeReply(bytes, question);
      if (!reply || this.onTcp.has(question)) continue;
      if (reply.truncated && !this.onLate) {
        this.cut.add(question);
        this.askOverTcp(question).catch((error: Error) => this.fail(error));
      } else this.settle(question, reply.outcome, reply.addresses);
      return;
    }
  }

  private async askOverTcp(question: DnsQuestion): Promise<void> {
    this.onTcp.add(question);
    const left = Math.max(1, this.sentAt + this.options.patienceMs - this.options.clock.now());
    const reply = await askTcp(
      this.options.server,
      question,
      left,
      this.abort.signal,
      this.options.openStream,
    );
    if (!this.onLate && !this.closed) this.settle(question, reply.outcome, reply.addresses);
  }

  private fail(error: NodeJS.ErrnoException): void {
    const outcome = outcomeOfError(error.code);
    if (outcome === 'timeout') {
      this.fatal = error;
      this.onChange();
      return;
    }
    for (const question of this.pending()) this.settle(question, outcome, [], error.code);
  }

  private settle(
    question: DnsQuestion,
    outcome: DnsOutcome,
    addresses: readonly string[],
    code?: string,
  ): void {
    if (this.closed) return;
    const { qname, qtype } = question;
    const ms = this.options.clock.now() - this.sentAt;
    const why = outcome === 'unreachable' && code !== undefined ? { code } : {};
    this.steps.set(question, { qname, qtype, outcome, ms, addresses, ...why, ...this.cutShort(question) });
    // A port that closed meanwhile is no late answer.
    if (outcome !== 'refused' && outcome !== 'unreachable' && outcome !== 'timeout')
      this.onLate?.({ qname, qtype, outcome, ms });
    this.onChange();
    if (this.options.oneAtATime && !this.onLate) this.sendNext();
  }

  private unanswered(question: DnsQuestion): DnsStep {
    const { qname, qtype } = question;
    const ms = this.options.patienceMs;
    return { qname, qtype, outcome: 'timeout', ms, addresses: [], ...this.cutShort(question) };
  }

  private cutShort(question: DnsQuestion): Pick<DnsStep, 'truncated'> {
    return this.cut.has(question) ? { truncated: true } : {};
  }
}

function openSocket(family: 4 | 6): Socket {
  return createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // An address needs no lookup, and a probe of DNS must not use the very thing that it measures.
    lookup: (host, _options, done) => done(null, host, isIPv6(host) ? 6 : 4),
  });
}
