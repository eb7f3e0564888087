/** One HTTP request, or one connection to a port, phase by phase. Times are milliseconds. */

export type HttpPhase = 'dns' | 'connect' | 'tls' | 'firstByte' | 'transfer';

export type HttpFailureKind =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'no-name'
  | 'unreachable'
  | 'tls'
  | 'protocol'
  | 'proxy'
  /** It leads to what fails, or round in a circle. */
  | 'redirect'
  | 'status';

export interface HttpFailure {
  readonly kind: HttpFailureKind;
  /** The phase in which it ended. */
  readonly phase: HttpPhase;
  /** For a person: "no first byte after 5.0 s: connected, request sent, nobody answered". */
  readonly text: string;
  /** What a client meets, to stand behind "fails with": "a certificate that expired yesterday". Absent: its kind says it. */
  readonly short?: string;
  /** Of a connection that was refused: somebody is seen to listen there, so a firewall did it. Absent where nobody is. */
  readonly listens?: true;
}

export interface HttpSample {
  /** Short name of the target: `GET /todos`. */
  readonly target: string;
  /** As it may be shown: without a login and without the values of its query. */
  readonly url: string;
  readonly ok: boolean;
  /** HTTP status, or null when none came (curl's 000), or none was asked for. */
  readonly status: number | null;
  readonly failure: HttpFailure | null;
  /** What a person should know of an answer, well or not: "asks for a login", "HTTP/2, by proxy 10.0.0.1:3128". */
  readonly note?: string;
  /** Set where no request was sent for it: one that a sample before this one gave up on is still waited for, or was answered. */
  readonly late?: true;
  /** Milliseconds of each phase; null when the phase did not happen or did not end. */
  readonly phases: Readonly<Record<HttpPhase, number | null>>;
  /** Milliseconds until the end of the answer, or until its first byte where it has no end. */
  readonly totalMs: number;
  /** Address that was connected to, or null. */
  readonly address: string | null;
}
