import type { History } from '../../store/history.js';
import { resolverSubject } from './blast-radius.js';
import { LATE_WINDOW_MS, type NameView, type ResolverView, resolvers } from './dns.js';
import { lookupFailure } from './failing-clients.js';
import { onceALookBy } from './once-a-look.js';
import { fresh, newest } from './values.js';

/**
 * Lookups that wait at once, from where a server that turns others away is full: a healthy lookup of 40 ms leaves none
 * waiting at one a second (our choice).
 */
const WAITING = 20;

/** Whether a server turned a name away: it says that it will not, or cannot, and not that there is no such name. */
export const isTurnedAway = ({ sample }: NameView): boolean => {
  const how = lookupFailure(sample);
  return how === 'REFUSED' || how === 'SERVFAIL';
};

/** Whether a resolver turns lookups away for want of room, whoever asks it. */
export const shedsLoad = (history: History, view: ResolverView): boolean =>
  shedding(history, resolverSubject(view).id);

/**
 * A forwarder over its limit answers REFUSED (dnsmasq, --dns-forward-max) or SERVFAIL to what it cannot queue, while
 * others wait for it or are answered. One that refuses by its rules refuses the same every time, and lets nobody wait; one
 * whose own servers fail says SERVFAIL to all that wait.
 */
const shedding = onceALookBy((history: History, id: string): boolean => {
  const views = resolvers(history).filter((one) => resolverSubject(one).id === id);
  const names = views.flatMap((one) => one.names);
  const turned = names.filter(isTurnedAway);
  if (turned.length === 0) return false;
  if (turned.some((one) => lookupFailure(one.sample) !== 'REFUSED'))
    return givesLate(names, firstFailure(history, turned));
  const keepsWaiting = names.some(({ late, slow }) => late.length + slow.length > 0);
  if (keepsWaiting || waitingAt(history, views) >= WAITING) return true;
  // Refused, given and refused again: no rule does that.
  return turned.some((one) => {
    const since = firstFailure(history, [one]);
    return one.ok.some(({ at, value }) => at > since && value === 1);
  });
});

/** Lookups that wait for an answer of a server now: those of this host by its address, those of a container in all. */
function waitingAt(history: History, views: readonly ResolverView[]): number {
  const here = fresh(history.latest.sockets)?.dnsAskers ?? [];
  const own = here.filter(({ resolver }) => views.some((one) => one.resolver === resolver));
  const clients = new Set(views.flatMap(({ client }) => client ?? []));
  return [
    ...own.map(({ count }) => count),
    ...[...clients].map((client) => newest(history, `sockets.askers{${client}}`, LATE_WINDOW_MS) ?? 0),
  ].reduce((sum, count) => sum + count, 0);
}

/** When the first of these was turned away lately, wall-clock ms. */
const firstFailure = ({ now }: History, names: readonly NameView[]): number =>
  Math.min(
    ...names.map(
      ({ ok }) => ok.find(({ at, value }) => at >= now - LATE_WINDOW_MS && value === 0)?.at ?? now,
    ),
  );

/** Whether one of these names was given since, and late. */
const givesLate = (names: readonly NameView[], since: number): boolean =>
  names.some(
    ({ slow, sample }) =>
      slow.some(({ at }) => at > since) || sample.late.some(({ outcome }) => outcome === 'NOERROR'),
  );
