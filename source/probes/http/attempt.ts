import type { Socket } from 'node:net';
import { joinHostPort } from '../../linux/ip-address.js';
import { readBody } from './body.js';
import { openConnection, secureConnection } from './connection.js';
import { type Answer, isHttp2, NotHttp1, type Question, sendHttp2, sendRequest } from './exchange.js';
import { explainError, explainProxy, speaksTls, wantsClientCertificate } from './explain-error.js';
import { HttpError, timeoutIn } from './http-error.js';
import { notBegun, type Progress, type Redirect, type Task, timed } from './progress.js';
import { redirectOf, remarksOn, statusError } from './remarks.js';
import type { CertificateDays, HttpPhase } from './sample.js';
import { SideTries, TRY_MS } from './side-tries.js';
import { loginAt, refusedByProxy } from './tunnel.js';

/** The deadline of a run must not come before the body's own (ms). */
const MARGIN_MS = 50;

/** One request under way: how far it has come, and how it ends. */
export interface Attempt {
  /** Monotonic ms. */
  readonly began: number;
  readonly phases: Readonly<Record<HttpPhase, number | null>>;
  readonly phase: HttpPhase;
  readonly address: string | null;
  readonly status: number | null;
  /** Bytes of the answer that have come. */
  readonly bytes: number;
  readonly notes: readonly string[];
  /** By a proxy: whether it has come as far as the target itself. */
  readonly atTarget: boolean;
  /** Where its answer leads, if it does. */
  readonly redirect: Redirect | undefined;
  /** Of the certificates that were shown and accepted; undefined until then. */
  readonly certificate: CertificateDays | undefined;
  /** Milliseconds that the answer took, or its first byte where it has no end; set when it is over. */
  readonly tookMs: number;
  /** Resolves with why it failed, or with null; never rejects. */
  readonly over: Promise<HttpError | null>;
  /** Ends it; `over` then resolves with the reason. Nothing happens to one that is over. */
  stop(reason: HttpError): void;
}

/** Begins one request on a fresh connection. It goes on until it is over or stopped: it has no deadline of its own. */
export function beginAttempt(task: Task): Attempt {
  const began = task.clock.now();
  const aborting = new AbortController();
  const progress = notBegun();
  const perform = new Performance(progress, task, began, aborting.signal);
  const over = perform.run().then(
    () => null,
    (error) => {
      if (wantsClientCertificate(error)) {
        progress.notes.push('asks for a client certificate: alive');
        return null;
      }
      if (error === aborting.signal.reason && error instanceof HttpError) return error;
      return perform.explain(error);
    },
  );
  const ended = over.finally(() => {
    if (progress.tookMs === 0) progress.tookMs = task.clock.now() - began;
    progress.socket?.destroy();
  });
  return {
    began,
    get phases() {
      return progress.phases;
    },
    get phase() {
      return progress.phase;
    },
    get address() {
      return progress.address;
    },
    get status() {
      return progress.status;
    },
    get bytes() {
      return progress.socket?.bytesRead ?? 0;
    },
    get notes() {
      return progress.notes;
    },
    get atTarget() {
      return progress.atTarget;
    },
    get redirect() {
      return progress.redirect;
    },
    get certificate() {
      return progress.certificate;
    },
    get tookMs() {
      return progress.tookMs;
    },
    over: ended,
    stop: (reason) => aborting.abort(reason),
  };
}

/** The steps of one request. */
class Performance {
  private readonly tries: SideTries;

  constructor(
    private readonly progress: Progress,
    private readonly task: Task,
    private readonly began: number,
    private readonly signal: AbortSignal,
  ) {
    this.tries = new SideTries(task, progress, signal);
  }

  async run(): Promise<void> {
    const { task, progress } = this;
    const { endpoint, way } = task;
    if (way.note) progress.notes.push(way.note);
    let socket = await this.connect();
    if (endpoint.kind === 'tcp') return;
    const tunnelled = way.proxy !== null && (endpoint.secure || way.proxy.socks !== null);
    if (endpoint.secure) socket = await this.secured(socket);
    const answer = await this.ask(socket);
    progress.status = answer.status;
    progress.notes.push(...remarksOn(answer, task.url));
    progress.redirect = redirectOf(answer);
    if (way.proxy) progress.notes.push(`by ${way.proxy.called}`);
    if (way.proxy && !tunnelled && answer.status === 407) throw refusedByProxy(way.proxy, 407);
    await this.read(answer);
    if (answer.status === 400 && (await this.tries.isTlsPort())) throw this.notPlain();
    if (answer.status >= 500) throw statusError(answer);
  }

  /** An error in the words of the sample; by a proxy it is the proxy that is told of. */
  explain(error: unknown): HttpError {
    const { endpoint, way } = this.task;
    const { phase, atTarget, address } = this.progress;
    if (way.proxy && !atTarget) return explainProxy(error, phase, way.proxy.called);
    const host = atTarget ? endpoint.host : (address ?? endpoint.host);
    return explainError(error, phase, endpoint.socketPath ?? joinHostPort(host, endpoint.port));
  }

  private connect(): Promise<Socket> {
    return openConnection(this.task, this.progress, this.signal);
  }

  private async secured(plain: Socket): Promise<Socket> {
    const { task, progress, signal } = this;
    try {
      const secure = await secureConnection(task, progress, signal, plain);
      delete task.learnt.speaks;
      return secure;
    } catch (error) {
      signal.throwIfAborted();
      const said = this.explain(error);
      if (task.way.proxy || (said.tls !== 'version' && said.tls !== 'refused-handshake')) throw error;
      const speaks = await this.tries.spokenTls();
      if (speaks === null) throw said;
      const text = `${said.message}; to a client that takes everything it speaks ${speaks}`;
      throw new HttpError(said.kind, said.phase, text, said.short, said.tls, speaks);
    }
  }

  private async ask(socket: Socket): Promise<Answer> {
    const { learnt, endpoint, way } = this.task;
    const { progress } = this;
    progress.phase = 'firstByte';
    if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2')
      return await sendHttp2(socket, this.question());
    if (learnt.http2 === true) return await sendHttp2(socket, this.question());
    try {
      return await sendRequest(socket, this.question());
    } catch (error) {
      this.signal.throwIfAborted();
      if (endpoint.secure || way.proxy || learnt.http2 === false) throw error;
      const shows = error instanceof NotHttp1 && isHttp2(error.began);
      // Some close on HTTP/1 without a word: whether such a one speaks TLS or HTTP/2 is tried once.
      if (!shows && (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
      if (!shows && (await this.tries.isTlsPort())) throw this.notPlain();
      return await this.askByHttp2(error);
    }
  }

  private notPlain(): HttpError {
    const { host, port } = this.task.endpoint;
    return speaksTls(joinHostPort(this.progress.address ?? host, port));
  }

  private async askByHttp2(before: unknown): Promise<Answer> {
    const { learnt } = this.task;
    const { progress, signal } = this;
    const known = { phase: progress.phase, firstByte: progress.phases.firstByte };
    progress.socket?.destroy();
    try {
      const socket = await this.connect();
      progress.phase = 'firstByte';
      const briefly = AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]);
      const answer = await sendHttp2(socket, { ...this.question(), signal: briefly });
      learnt.http2 = true;
      return answer;
    } catch {
      signal.throwIfAborted();
      learnt.http2 = false;
      progress.phase = known.phase;
      progress.phases.firstByte = known.firstByte;
      throw before;
    }
  }

  private question(): Question {
    const { progress, task } = this;
    const { endpoint, way, method, clock, cookie } = task;
    const sent = clock.now();
    const plainProxy = way.proxy?.socks === null && !endpoint.secure ? way.proxy : null;
    return {
      ...{ method, host: endpoint.hostHeader, secure: endpoint.secure, signal: this.signal },
      path: plainProxy ? `http://${endpoint.hostHeader}${endpoint.path}` : endpoint.path,
      headers: {
        ...{ accept: '*/*', 'user-agent': 'faultline' },
        ...(plainProxy ? loginAt(plainProxy) : {}),
        ...(cookie === undefined ? {} : { cookie }),
      },
      onFirstByte: () => {
        progress.phases.firstByte = clock.now() - sent;
        progress.phase = 'transfer';
      },
    };
  }

  private async read({ body, headers, trouble }: Answer): Promise<void> {
    const { clock, timeoutMs } = this.task;
    const { progress, signal } = this;
    const soFar = clock.now() - this.began;
    const roomMs = Math.max(MARGIN_MS, timeoutMs - soFar - MARGIN_MS);
    const stuck = (): HttpError =>
      timeoutIn('transfer', clock.now() - this.began > timeoutMs ? clock.now() - this.began : timeoutMs);
    try {
      const read = await timed(progress, clock, 'transfer', () =>
        readBody(body, headers, { signal, clock, roomMs, stuck }),
      );
      if (read.note) progress.notes.push(read.note);
      if (!read.ended) {
        progress.phases.transfer = null;
        progress.tookMs = Math.max(1, soFar);
      }
    } catch (error) {
      throw trouble() ?? error;
    }
  }
}
