import { joinHostPort } from '../../linux/ip-address.js';
import type { History } from '../../store/history.js';
import { bears } from './blast-radius.js';
import { resolvers } from './dns.js';
import { edges, type NamedEdge } from './edges.js';
import { isSilent, type MovedName, type StaleAddress } from './removed.js';
import { addressesOf, serviceOf } from './services.js';
import { earliest, fresh, known } from './values.js';

/** From when and for how long (ms) what asks at an old address counts. */
export interface MovedBounds {
  readonly attempts: { readonly windowMs: number };
  /** So long who connected before, or is just looking the name up, may still be there. */
  readonly settled: { readonly value: number };
  /** So long after it also who has waited since before is told. */
  readonly lasting: { readonly value: number };
}

/**
 * Names that moved: as lookups that were watched gave them, whoever asked, and containers that were made anew under their
 * name at another address.
 */
export function movedNames(history: History): MovedName[] {
  const views = resolvers(history).flatMap(({ names }) => names);
  const givenNow = (name: string): string[] => [
    ...new Set(
      views
        .filter((view) => view.name === name && view.sample.resolved)
        .flatMap(({ sample: { steps, otherwise = [] } }) => [
          ...steps.flatMap(({ addresses }) => addresses),
          ...otherwise,
        ]),
    ),
  ];
  const found = new Map<string, MovedName>();
  const add = (one: MovedName): void => {
    const before = found.get(one.from);
    if (one.to.length > 0 && !one.to.includes(one.from) && (!before || before.at < one.at))
      found.set(one.from, one);
  };
  for (const { name, sample } of views)
    for (const { address, at } of sample.former ?? []) add({ name, from: address, to: givenNow(name), at });
  for (const { action, workload, at, addresses = [] } of fresh(history.latest.events)?.events ?? []) {
    const again = action === 'destroy' ? serviceOf(history, workload) : undefined;
    for (const from of again ? addresses : [])
      add({ name: workload, from, to: again ? addressesOf(again) : [], at });
  }
  return [...found.values()];
}

/** Addresses that a name has left and somebody still asks at: in vain, or of whoever has been given them since. */
export function movedAddresses(history: History, bounds: MovedBounds): StaleAddress[] {
  const all = edges(history).filter(({ direction }) => direction === 'out');
  return movedNames(history)
    .filter(({ at }) => history.now - at >= bounds.settled.value)
    .flatMap((moved) => {
      const its = all.filter(({ peer }) => peer === moved.from);
      return [...new Set(its.map(({ port }) => port))].flatMap((port) =>
        addressOf(
          history,
          moved,
          its.filter((edge) => edge.port === port),
          bounds,
        ),
      );
    });
}

function addressOf(
  history: History,
  moved: MovedName,
  its: readonly NamedEdge[],
  { attempts: { windowMs }, settled, lasting }: MovedBounds,
): StaleAddress[] {
  const [first] = its;
  if (!first) return [];
  const owner = first.peerName === null ? undefined : serviceOf(history, first.peerName);
  if (owner && bears(owner, moved.name)) return [];
  const since = moved.at + settled.value;
  const lately = (signal: string): { at: number; value: number }[] =>
    its
      .flatMap(({ label }) => known(history, `edge.${signal}${label}`, windowMs))
      .filter(({ at }) => at >= since);
  const count = (points: readonly { value: number }[]): number =>
    points.reduce((sum, { value }) => sum + value, 0);
  const tries = lately('failed');
  // One that was sent before the move may be given up any moment.
  const isLate = history.now - moved.at >= lasting.value;
  const waiting = its
    .filter(({ synSent: { ageMs } }) => isLate || (ageMs !== null && history.now - ageMs >= since))
    .reduce((sum, { synSent }) => sum + synSent.retried, 0);
  const isNew = owner?.ageMs !== undefined && owner.ageMs !== null && owner.ageMs < history.now - moved.at;
  const opened = isNew ? lately('opened') : [];
  if (waiting + count(tries) + count(opened) === 0) return [];
  return [
    {
      address: joinHostPort(moved.from, first.port),
      clients: [...new Set(its.map((edge) => edge.owner))],
      silentOn: its.find(({ wire }) => wire && isSilent(wire))?.wire?.device,
      names: [],
      ...{ waiting, failed: count(tries), opened: count(opened), moved },
      ...(owner ? { heldBy: owner.name } : {}),
      since: earliest(...[...tries, ...opened].map(({ at }) => at), moved.at),
    },
  ];
}
