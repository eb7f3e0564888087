import type { TcpState } from '../../probes/samples.js';
import type { Level } from './level.js';

type Many = Partial<Readonly<Record<TcpState, number>>>;

/** From here on a state looks sick on a whole host (half-open ones by the default backlog of 128; else our choice). */
export const MANY_ON_HOST: Many = { 'CLOSE-WAIT': 50, 'SYN-SENT': 50, 'SYN-RECV': 128, 'LAST-ACK': 50 };
/** And for the smaller crowd of one container. */
export const MANY_IN_CONTAINER: Many = { 'SYN-SENT': 5, 'SYN-RECV': 20, 'CLOSE-WAIT': 20 };
/** Percent of segments sent again that is worth a look (RFC 4022 counters; below 1 % is ordinary loss). */
const SENT_AGAIN = 1;

export const levelOfState = (many: Many, state: TcpState, value: number | undefined): Level =>
  value !== undefined && value >= (many[state] ?? Number.POSITIVE_INFINITY) ? 'warning' : 'ok';

/**
 * How it stands with a listener's queue: full when more wait than its backlog (ss(8)); more than half full is worth a
 * look, and no more: a busy server has that. A backlog of 0 has no half.
 */
export function levelOfQueue(queue: { readonly queued: number; readonly backlog: number | null }): Level {
  if (queue.backlog === null || queue.backlog === 0) return 'ok';
  if (queue.queued > queue.backlog) return 'warning';
  return queue.queued > queue.backlog / 2 ? 'notice' : 'ok';
}

/** How it stands with what is sent again, in percent of the segments sent. */
export const levelOfSentAgain = (value: number | undefined): Level =>
  value !== undefined && value >= SENT_AGAIN ? 'warning' : 'ok';
