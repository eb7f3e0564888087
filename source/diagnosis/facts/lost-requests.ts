import type { History } from '../../store/history.js';
import { meet, placeOf } from '../places.js';
import { targets } from './http.js';
import { type RequestShare, requestShare } from './request-share.js';

/** What a client gets of a request that was lost behind: no whole answer, or RFC 9110's status for an invalid one. */
const LOST_STATUSES: readonly number[] = [0, 502];

/** A target that some requests are lost behind. */
export interface LostRequests {
  readonly target: string;
  readonly share: RequestShare;
}

/** Targets at these places of which `value` requests at least were lost within `windowMs`, while others were answered. */
export const lostRequests = (
  history: History,
  places: readonly string[],
  { value, windowMs }: { readonly value: number; readonly windowMs: number },
): LostRequests[] =>
  targets(history).flatMap(({ target, address }) => {
    const share = meet([placeOf(address)], places) ? requestShare(history, target, windowMs) : undefined;
    const isLost = share?.statuses.some((status) => LOST_STATUSES.includes(status));
    return share && isLost && share.failed >= value && share.failed < share.of ? [{ target, share }] : [];
  });
