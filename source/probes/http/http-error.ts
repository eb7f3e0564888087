import type { HttpFailureKind, HttpPhase } from './sample.js';

/** Why a request failed and in which phase; carried to the sample as it is. */
export class HttpError extends Error {
  constructor(
    readonly kind: HttpFailureKind,
    readonly phase: HttpPhase,
    message: string,
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

/** What a request was doing in a phase that never ended, for a person. */
const WAITED_FOR: Readonly<Record<HttpPhase, string>> = {
  dns: 'the name was not resolved',
  connect: 'no answer to SYN: nothing there, or something drops it',
  tls: 'connected, but the TLS handshake did not end',
  firstByte: 'connected, request sent, nobody answered',
  transfer: 'the answer began and then stopped',
};

/** The deadline passed in this phase. */
export function timeoutIn(phase: HttpPhase, timeoutMs: number): HttpError {
  const seconds = (timeoutMs / 1000).toFixed(1);
  const what = phase === 'firstByte' ? 'no first byte' : phase === 'transfer' ? 'no end' : `no ${phase}`;
  return new HttpError('timeout', phase, `${what} after ${seconds} s: ${WAITED_FOR[phase]}`);
}

const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM', 'EINVAL']);

/** A socket's, TLS' or parser's error in the words of the sample. `where` is the address that was connected to. */
export function explainError(error: unknown, phase: HttpPhase, where: string): HttpError {
  if (error instanceof HttpError) return error;
  const { message = String(error) } = error as Error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code === 'ECONNREFUSED')
    return new HttpError('refused', phase, `connection refused: nobody listens at ${where}`);
  if (code === 'ETIMEDOUT')
    return new HttpError('timeout', phase, `the kernel gave up on ${where} (ETIMEDOUT)`);
  if (UNREACHABLE.has(code)) return new HttpError('unreachable', phase, `no way to ${where} (${code})`);
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
    return new HttpError('reset', phase, resetText(phase, where));
  if (phase === 'tls') return new HttpError('tls', phase, `TLS failed: ${code || message}`);
  if (code.startsWith('HPE_') || phase === 'firstByte' || phase === 'transfer')
    return new HttpError('protocol', phase, `${where} does not speak HTTP as expected: ${code || message}`);
  // Out of descriptors and the like: ours, and said as it is.
  return new HttpError('unreachable', phase, `cannot connect to ${where}: ${code || message}`);
}

function resetText(phase: HttpPhase, where: string): string {
  if (phase === 'transfer') return `${where} broke the connection in the middle of its answer`;
  if (phase === 'firstByte') return `${where} took the request and closed without an answer`;
  return `${where} reset the connection`;
}
