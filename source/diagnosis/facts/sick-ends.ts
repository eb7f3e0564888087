import type { History } from '../../store/history.js';
import type { Candidate } from '../mode.js';
import { HOST_PLACE, placeOf } from '../places.js';
import { aroundWorkload } from './blast-radius.js';
import { type Link, otherEnd, subjectOf } from './links.js';
import { serviceOf, whoText } from './services.js';
import { earliest } from './values.js';

/** How an end whose packets something is wrong with stands in a finding, whatever that is. */
export type EndPlace = Pick<Candidate, 'subject' | 'target' | 'since' | 'radius'>;

/** A workload that connections were tried with: who else took part, and the wall-clock ms since when. */
export const workloadEnd = (
  history: History,
  name: string,
  others: readonly string[],
  since: number | null,
): EndPlace => ({
  subject: { kind: 'workload', id: name },
  target: betweenText(history, name, others),
  since,
  radius: aroundWorkload(history, name),
});

/** A link that something is wrong with, and the wall-clock ms since when. */
type TroubledLink = Link & { readonly since: number | null };

/** An end that these links have in common, the worst first. */
export function linkEnd(
  history: History,
  name: string,
  its: readonly [TroubledLink, ...TroubledLink[]],
): EndPlace {
  const [worst] = its;
  const others = its.map((link) => otherEnd(link, name)).filter((other) => other !== name);
  return {
    subject: subjectOf(history, name, worst),
    target: betweenText(history, name, others),
    since: earliest(...its.map(({ since }) => since)),
    radius: aroundLinks(history, name, its),
  };
}

/** Where that is, in a title: at a workload we know, `to web`, else `between this host and 10.0.0.7:80`. */
export const whereText = (
  history: History,
  name: string,
  { client, server }: Pick<Link, 'client' | 'server'>,
  preposition: 'at' | 'to',
): string => (serviceOf(history, name) ? `${preposition} ${name}` : `between ${client} and ${server}`);

/** `a and b ↔ web`; the end alone where nobody else takes part. */
const betweenText = (history: History, name: string, others: readonly string[]): string =>
  others.length > 0 ? `${whoText(history, others)} ↔ ${name}` : name;

/** What trouble on these links can cause: around the end, at whoever is at their other ends, and at this host where it shows in its own connections. */
function aroundLinks(history: History, name: string, its: readonly Link[]): string[] {
  const edges = its.flatMap((link) => link.edges);
  return [
    ...new Set([
      ...aroundWorkload(history, name),
      ...its.flatMap((link) => aroundWorkload(history, otherEnd(link, name))),
      ...edges.flatMap(({ direction, peer, port }) =>
        direction === 'out' ? placeOf(`${peer}:${port}`) : [],
      ),
      ...(edges.some(({ inside }) => inside === null) ? [HOST_PLACE] : []),
    ]),
  ];
}
