import { seconds } from '../../terminal/format.js';
import type { HttpFailureKind, HttpPhase, TlsTrouble } from './sample.js';

/** Why a request failed and in which phase; carried to the sample as it is. `short` stands behind "fails with". */
export class HttpError extends Error {
  constructor(
    readonly kind: HttpFailureKind,
    readonly phase: HttpPhase,
    message: string,
    readonly short?: string,
    readonly tls?: TlsTrouble,
    readonly speaks?: string,
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

/** The time of a run passed in this phase. `headCame` tells an answer that stopped in its body from one that did in its head. */
export function timeoutIn(phase: HttpPhase, timeoutMs: number, headCame = true): HttpError {
  const after = `after ${seconds(timeoutMs)}`;
  if (phase === 'transfer' && !headCame)
    return new HttpError(
      'timeout',
      phase,
      `no whole head ${after}: the answer began, and its head did not end`,
      'an answer whose head never ends',
    );
  const what = phase === 'firstByte' ? 'no first byte' : phase === 'transfer' ? 'no end' : `no ${phase}`;
  return new HttpError('timeout', phase, `${what} ${after}: ${WAITED_FOR[phase]}`);
}
