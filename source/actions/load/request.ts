import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Clock, systemClock, type Timer } from '../../clock.js';

/** Most of a body that is kept (characters); the rest is read and dropped. */
const BODY_KEPT = 262_144;

export interface RequestOptions {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Milliseconds from the first byte sent to the last one read. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
}

/** How one request ended. */
export interface RequestResult {
  /** The status as text (`200`), or why there is none: `timeout`, `refused`, `reset`, `no-name`, `unreachable`, `aborted`, `protocol`, `failed`. */
  readonly outcome: string;
  readonly status: number | null;
  readonly ms: number;
  /** The first 256 KiB of the body. */
  readonly body: string;
}

const OUTCOME_OF_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENOTFOUND: 'no-name',
  EAI_AGAIN: 'no-name',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'no-local-port',
  EMFILE: 'no-descriptor',
  ETIMEDOUT: 'timeout',
};

/** What a request's error is called: the code's word, `protocol` for what is not HTTP, else `failed`. */
export function outcomeOfError(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return 'failed';
  return OUTCOME_OF_CODE[code] ?? (code.startsWith('HPE_') ? 'protocol' : 'failed');
}

/**
 * Sends one request on a fresh connection (no keep-alive) and reads the answer to its end. Never rejects: every end
 * has an outcome, and none comes later than `timeoutMs`.
 */
export function sendRequest(options: RequestOptions): Promise<RequestResult> {
  const { clock = systemClock } = options;
  const began = clock.now();
  return new Promise((resolve) => {
    let settled = false;
    let timer: Timer | undefined;
    let body = '';
    const settle = (outcome: string, status: number | null): void => {
      if (settled) return;
      settled = true;
      clock.clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      resolve({ outcome, status, ms: clock.now() - began, body });
      request.destroy();
    };
    const onAbort = (): void => settle('aborted', null);
    const payload = options.json === undefined ? undefined : JSON.stringify(options.json);
    const send = options.url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(options.url, {
      method: options.method ?? 'GET',
      agent: false,
      headers:
        payload === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
    });
    request.on('error', (error) => settle(outcomeOfError(error), null));
    request.on('response', (response: IncomingMessage) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < BODY_KEPT) body += chunk.slice(0, BODY_KEPT - body.length);
      });
      response.on('end', () => settle(String(response.statusCode), response.statusCode ?? null));
      response.on('error', (error) => settle(outcomeOfError(error), null));
      response.on('close', () => settle('reset', null));
    });
    timer = clock.setTimeout(() => settle('timeout', null), options.timeoutMs);
    if (options.signal?.aborted) settle('aborted', null);
    else options.signal?.addEventListener('abort', onAbort, { once: true });
    request.end(payload);
  });
}
