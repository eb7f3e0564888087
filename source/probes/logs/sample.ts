/** Failure texts in what services log. Times are milliseconds. */

/** Kinds of failure texts that applications log, whatever their language. */
export type LogMatchKind =
  | 'name-resolution-temporary' // EAI_AGAIN, ETIMEOUT, SERVFAIL: the resolver did not answer in time or at all
  | 'name-resolution-missing' // EAI_NONAME, ENOTFOUND, NXDOMAIN: the name does not exist
  | 'certificate-refused' // a client that does not accept the certificate of whom it asks
  | 'handshake-refused' // client and server have no version or cipher in common
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-timeout'
  | 'too-many-connections'
  | 'too-many-open-files'
  | 'out-of-memory';

export interface LogMatch {
  readonly service: string;
  readonly kind: LogMatchKind;
  /** Lines matched in the last 10 seconds. */
  readonly recent: number;
  /** Lines matched since the console started. */
  readonly total: number;
  /** The newest matching line, sanitised, at most 300 characters. */
  readonly lastLine: string;
  /** Wall-clock milliseconds of the newest match. */
  readonly lastAt: number;
}

export interface LogsSample {
  readonly matches: readonly LogMatch[];
}
