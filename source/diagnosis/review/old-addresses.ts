import type { History } from '../../store/history.js';
import { listed, plural } from '../../terminal/format.js';
import { resolvers } from '../facts/dns.js';
import { edges, type NamedEdge } from '../facts/edges.js';
import { movedAddresses } from '../facts/moved-names.js';
import { removedContainers, type StaleAddress, staleAddresses } from '../facts/removed.js';
import { clientsText } from '../facts/services.js';
import { cannotTell, no, type Question, yes } from './question.js';

/** Our choice: a client that needs an address tries again within 15 s; who looked it up before the move may be late by 5 s, and who waits for an answer to its SYN by 20 s. */
const BOUNDS = { attempts: { windowMs: 15_000 }, settled: { value: 5_000 }, lasting: { value: 20_000 } };

/** Whether anybody asks where nobody is any more, while the others are where their names say. */
export const oldAddresses: Question = {
  id: 'old-addresses',
  question: 'Were old DNS answers in use?',
  answer(history) {
    const [stale] = [
      ...movedAddresses(history, BOUNDS),
      ...staleAddresses(history, removedContainers(history), BOUNDS),
    ];
    if (stale)
      return yes(`${clientsText(history, stale.clients)} asks ${stale.address}, ${staleText(stale)}`);
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

/** What became of the address, and what comes of asking it. */
function staleText({ moved, heldBy, waiting, failed, opened = 0 }: StaleAddress): string {
  const left = moved
    ? `${moved.name} has left for ${listed(moved.to)}${heldBy === undefined ? '' : ` and ${heldBy} has now`}`
    : 'nobody has';
  return `which ${left}: ${plural(waiting + failed, 'attempt')} in vain${opened > 0 ? `, ${plural(opened, 'connection')} with the wrong one` : ''}`;
}

const isWhereItShouldBe = ({ peer, peerName }: NamedEdge, given: ReadonlySet<string>): boolean =>
  peerName !== null || given.has(peer);

/** Addresses that names gave when they were last asked. */
const givenNow = (history: History): string[] =>
  resolvers(history).flatMap(({ names }) =>
    names.flatMap(({ sample }) => sample.steps.flatMap(({ addresses }) => addresses)),
  );
