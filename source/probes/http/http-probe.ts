import type { Socket } from 'node:net';
import { type Clock, systemClock } from '../../clock.js';
import { joinHostPort } from '../../linux/ip-address.js';
import { shownUrl, withoutSecrets } from '../../secrets.js';
import type { Probe, ProbeContext } from '../probe.js';
import { openTcp, openTls } from './connect.js';
import { readBody, sendRequest } from './exchange.js';
import { explainError, HttpError, timeoutIn } from './http-error.js';
import { resolveHost } from './resolve.js';
import type { HttpPhase, HttpSample } from './sample.js';

/** Addresses of a name that are tried one after the other. */
const MOST_ADDRESSES = 4;

export interface HttpProbeOptions {
  /** Short name: `GET /todos`. */
  readonly target: string;
  readonly url: string;
  readonly method?: string;
  /** Milliseconds for the whole request, names included; 5,000 by default. */
  readonly timeoutMs?: number;
  /** `address:port` of the DNS server to ask; the system's otherwise. */
  readonly resolver?: string;
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

interface Progress {
  phase: HttpPhase;
  address: string | null;
  status: number | null;
  socket: Socket | undefined;
  readonly phases: Record<HttpPhase, number | null>;
}

/**
 * One request on a fresh connection, each phase timed on its own and every failure explained. Redirects are not
 * followed; a status below 500 is a server that works. A request never outlives `timeoutMs`. Throws TypeError here
 * for a URL that is not http or https.
 */
export function createHttpProbe(options: HttpProbeOptions): Probe<HttpSample> {
  const { target, method = 'GET', timeoutMs = 5_000 } = options;
  const clock = options.clock ?? systemClock;
  const url = new URL(options.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`not an http URL: ${withoutSecrets(options.url)}`);
  const shown = shownUrl(options.url);

  return {
    id: `http:${target}`,
    reads: `${method} ${shown}`,
    cost: 'network',
    intervalMs: options.intervalMs ?? 2_000,
    // The sample itself says "timeout"; the scheduler's deadline is for a probe that hangs.
    timeoutMs: timeoutMs + 1_000,
    async run({ signal }: ProbeContext): Promise<HttpSample> {
      const began = clock.now();
      const progress: Progress = {
        phase: 'dns',
        address: null,
        status: null,
        socket: undefined,
        phases: { dns: null, connect: null, tls: null, firstByte: null, transfer: null },
      };
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(timeoutIn(progress.phase, timeoutMs)), timeoutMs);
      let failure: HttpError | null = null;
      try {
        const both = AbortSignal.any([signal, deadline.signal]);
        await perform(progress, { url, method, timeoutMs, resolver: options.resolver, clock, signal: both });
      } catch (error) {
        signal.throwIfAborted();
        const where = joinHostPort(progress.address ?? url.hostname, portOf(url));
        failure = deadline.signal.aborted
          ? deadline.signal.reason
          : explainError(error, progress.phase, where);
      } finally {
        clearTimeout(timer);
        progress.socket?.destroy();
      }
      return {
        target,
        url: shown,
        ok: failure === null,
        status: progress.status,
        failure: failure && { kind: failure.kind, phase: failure.phase, text: failure.message },
        phases: progress.phases,
        totalMs: clock.now() - began,
        address: progress.address,
      };
    },
  };
}

function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
}

interface Task {
  readonly url: URL;
  readonly method: string;
  readonly timeoutMs: number;
  readonly resolver: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function perform(progress: Progress, task: Task): Promise<void> {
  const { url, signal } = task;
  const timed = async <T>(phase: HttpPhase, work: () => Promise<T>): Promise<T> => {
    progress.phase = phase;
    const began = task.clock.now();
    const result = await work();
    progress.phases[phase] = task.clock.now() - began;
    return result;
  };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = await timed('dns', () => resolveHost(host, task.timeoutMs, signal, task.resolver));
  progress.socket = await timed('connect', () => connectAny(addresses, progress, task));
  if (url.protocol === 'https:') {
    const plain = progress.socket;
    progress.socket = await timed('tls', () => openTls(plain, host, signal));
  }
  const socket = progress.socket;
  const response = await timed('firstByte', () => sendRequest(socket, url, task.method, signal));
  progress.status = response.statusCode ?? null;
  await timed('transfer', () => readBody(response, signal));
  if (progress.status !== null && progress.status >= 500)
    throw new HttpError(
      'status',
      'firstByte',
      `the server answered ${progress.status} ${response.statusMessage ?? ''}`.trim(),
    );
}

/** Tries the addresses in turn; an error of the first is the one to tell, the others are often just not configured. */
async function connectAny(addresses: readonly string[], progress: Progress, task: Task): Promise<Socket> {
  let first: unknown;
  for (const address of addresses.slice(0, MOST_ADDRESSES)) {
    try {
      const socket = await openTcp(address, portOf(task.url), task.signal);
      progress.address = address;
      return socket;
    } catch (error) {
      task.signal.throwIfAborted();
      first ??= error;
      progress.address ??= address;
    }
  }
  throw first ?? new HttpError('no-name', 'dns', `${task.url.hostname} has no address`);
}
