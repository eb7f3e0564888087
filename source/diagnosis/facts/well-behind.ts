import type { Thresholds } from '../threshold.js';
import { isBehind, isWhole } from './chains.js';
import { askedBehindSince, connections } from './connections.js';
import { sentAt } from './http.js';
import type { Hung } from './hung.js';
import { insideOf } from './inside.js';
import { lookupsTroubled } from './lookup-trouble.js';
import { mayNeed, sickDatabases, waitsToConnect } from './reach.js';
import { known } from './values.js';

/** Whether what somebody silent waits for is well, and was asked since it fell silent. */

export const ASKED_BEHIND = {
  pendingLookups: {
    unit: 'lookups',
    value: 0,
    windowMs: 10_000,
    source: 'our choice: a service with lookups that wait in every reading waits for its resolver',
  },
  triedBehindWithin: {
    unit: 'ms',
    value: 20_000,
    source:
      'our choice: where connections of it are not read, so long may those that are tried and lookups take to be tried again',
  },
} as const satisfies Thresholds;

/** Whether lookups of a client, or of this host (null), may be its own. */
export const mayAsk = ({ service }: Hung, client: string | null): boolean =>
  client === null || client === service?.name;

/** Whether all that a silent listener waits for has had time to be asked, and is well; lookups over the last `lookupsMs`. */
export function isWellBehind(one: Hung, lookupsMs: number): boolean {
  const { history, service } = one;
  const asks = (client: string | null): boolean => mayAsk(one, client);
  if (lookupsTroubled(history, lookupsMs, asks) || asksInVain(one)) return false;
  if (sickDatabases(history).some((server) => mayNeed(history, one, server))) return false;
  if (!allBehindConnect(one)) return false;
  const began = sentAt(one.silent);
  return (
    (service !== undefined && isWhole(history, service.name)) ||
    askedBehindSince(history, began) ||
    history.now - began >= ASKED_BEHIND.triedBehindWithin.value
  );
}

/** Whether lookups of its own wait in every reading. */
function asksInVain({ history, service }: Hung): boolean {
  if (!service || !insideOf(history, service.name)) return false;
  const { value: most, windowMs } = ASKED_BEHIND.pendingLookups;
  const waiting = known(history, `sockets.askers{${service.name}}`, windowMs);
  return waiting.length > 0 && waiting.every(({ value }) => value > most);
}

/** Whether nothing stands in the way of what it, and whoever stands behind it, asks of others. */
const allBehindConnect = (one: Hung): boolean =>
  !connections(one.history).some(
    ({ needed, failed, source }) =>
      needed && failed > 0 && one.service !== undefined && isBehind(one.history, one.service.name, source),
  ) &&
  (one.service !== undefined || !waitsToConnect(one.history, one.address));
