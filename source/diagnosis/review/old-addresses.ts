import type { History } from '../../store/history.js';
import { plural } from '../../terminal/format.js';
import { resolvers } from '../facts/dns.js';
import { edges, type NamedEdge } from '../facts/edges.js';
import { removedContainers, staleAddresses } from '../facts/removed.js';
import { clientsText } from '../facts/services.js';
import { cannotTell, no, type Question, yes } from './question.js';

/** Our choice: a client that needs an address tries again within 15 s. */
const ATTEMPTS = { attempts: { windowMs: 15_000 } };

/** Whether anybody asks where nobody is any more, while the others are where their names say. */
export const oldAddresses: Question = {
  id: 'old-addresses',
  question: 'Were old DNS answers in use?',
  answer(history) {
    const [stale] = staleAddresses(history, removedContainers(history), ATTEMPTS);
    if (stale)
      return yes(
        `${clientsText(history, stale.clients)} asks ${stale.address}, which nobody has: ${plural(stale.waiting + stale.failed, 'attempt')} in vain`,
      );
    const servers = new Map(
      edges(history)
        .filter(({ direction, states }) => direction === 'out' && (states.ESTAB ?? 0) > 0)
        .map((edge) => [`${edge.peer}:${edge.port}`, edge]),
    );
    const given = new Set(givenNow(history));
    const sure = [...servers.values()].filter((edge) => isWhereItShouldBe(edge, given)).length;
    if (sure === 0)
      return cannotTell('of no server that is connected to is it known which address its name gives now');
    const rest = servers.size - sure;
    return no(
      `${plural(sure, 'server')} connected to at the address that its name or its container has now${rest > 0 ? `; of ${rest} more no name is known` : ''}`,
    );
  },
};

const isWhereItShouldBe = ({ peer, peerName }: NamedEdge, given: ReadonlySet<string>): boolean =>
  peerName !== null || given.has(peer);

/** Addresses that names gave when they were last asked. */
const givenNow = (history: History): string[] =>
  resolvers(history).flatMap(({ names }) =>
    names.flatMap(({ sample }) => sample.steps.flatMap(({ addresses }) => addresses)),
  );
