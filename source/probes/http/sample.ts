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

/** What a client meets in a TLS handshake: with the certificate that it is shown, or before it sees one. */
export type TlsTrouble =
  | 'expired'
  | 'not-valid-yet'
  | 'other-name'
  | 'incomplete'
  | 'unknown-authority'
  | 'self-signed'
  | 'revoked'
  /** Not accepted for another reason: too weak, a wrong signature. */
  | 'unaccepted'
  /** No version in common. */
  | 'version'
  /** Ended by the server before any certificate was shown: no cipher in common, mostly. */
  | 'refused-handshake';

/** For how long the certificates that a server shows are valid, by the one that ends first. */
export interface CertificateDays {
  readonly left: number;
  /** From its first day to its last. */
  readonly of: number;
}

export interface HttpFailure {
  readonly kind: HttpFailureKind;
  /** The phase in which it ended. */
  readonly phase: HttpPhase;
  /** For a person: "no first byte after 5.0 s: connected, request sent, nobody answered". */
  readonly text: string;
  /** What a client meets, to stand behind "fails with": "a certificate that expired yesterday". Absent: its kind says it. */
  readonly short?: string;
  /** Of a TLS handshake that failed: at what. */
  readonly tls?: TlsTrouble;
  /** Of a handshake that came to nothing: what the server speaks with a client that takes everything: "TLS 1.1, AES128-SHA". */
  readonly speaks?: string;
  /**
   * Of an answer that stops: asked on connections with small segments it comes whole, as often as this in turn with usual
   * ones on which it stops. `segment` is bytes of data in each, `bytes` what came.
   */
  readonly onlySmall?: { readonly times: number; readonly segment: number; readonly bytes: number };
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
  /** Of the certificates that were shown and accepted. */
  readonly certificate?: CertificateDays;
  /** Set where no request was sent for it: one that a sample before this one gave up on is still waited for, or was answered. */
  readonly late?: true;
  /** Milliseconds of each phase; null when the phase did not happen or did not end. */
  readonly phases: Readonly<Record<HttpPhase, number | null>>;
  /** Milliseconds until the end of the answer, or until its first byte where it has no end. */
  readonly totalMs: number;
  /** Address that was connected to, or null. */
  readonly address: string | null;
}
