/** One HTTP request, phase by phase. Times are milliseconds. */

export type HttpPhase = 'dns' | 'connect' | 'tls' | 'firstByte' | 'transfer';

export type HttpFailureKind =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'no-name'
  | 'unreachable'
  | 'tls'
  | 'protocol'
  | 'status';

export interface HttpFailure {
  readonly kind: HttpFailureKind;
  /** The phase in which it ended. */
  readonly phase: HttpPhase;
  /** For a person: "no first byte after 5.0 s: connected, request sent, nobody answered". */
  readonly text: string;
}

export interface HttpSample {
  /** Short name of the target: `GET /todos`. */
  readonly target: string;
  /** As it may be shown: without a login and without the values of its query. */
  readonly url: string;
  readonly ok: boolean;
  /** HTTP status, or null when none came (curl's 000). */
  readonly status: number | null;
  readonly failure: HttpFailure | null;
  /** Milliseconds of each phase; null when the phase did not happen or did not end. */
  readonly phases: Readonly<Record<HttpPhase, number | null>>;
  readonly totalMs: number;
  /** Address that was connected to, or null. */
  readonly address: string | null;
}
