import { joinHostPort } from '../../linux/ip-address.js';
import type { History } from '../../store/history.js';
import { placeOf, placeOfSubject } from '../places.js';
import { aroundClients } from './blast-radius.js';
import type { NamedEdge } from './edges.js';
import { links, subjectOf } from './links.js';

/** What a sick way can cause: at both its ends, at whoever waits for them, and on the connections between them. */
export const aroundWays = (history: History, ways: readonly NamedEdge[]): string[] => [
  ...aroundClients(history, [
    ...ways.map(({ owner }) => owner),
    ...ways.flatMap(({ peerName }) => peerName ?? []),
    ...ways.flatMap(({ inside }) => (inside === null ? [null] : [])),
  ]),
  ...ways.map(({ peer, port }) => placeOf(joinHostPort(peer, port))),
  ...links(history)
    .filter((link) => link.edges.some((edge) => ways.includes(edge)))
    .flatMap((link) =>
      [link.client, link.server].map((end) => placeOfSubject(subjectOf(history, end, link))),
    ),
];
