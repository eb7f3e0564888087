import { later } from '../source/diagnosis/facts/fixes.js';

/** What several modes advise alike, to keep a failure from coming back or from being felt. */

/** Of a delay on the way. */
export const BEAR_LATE_PACKETS = [
  later('deadlines in the clients, shorter than their own callers wait'),
  later('connection pool: a connection takes several round trips, a query takes one', 'pool'),
] as const;

/** Of packets that get lost. */
export const BEAR_LOST_PACKETS = [
  later('retries with growing pauses and jitter, only where a request may be sent twice'),
  later('connection pool: an open connection recovers in 0.2 s, a lost first packet costs 1 s', 'pool'),
] as const;

/** Of a server that takes connections and stays silent. */
export const CLIENT_DEADLINES = later('deadlines in its clients, so that they do not hang with it');
