import { gather, supports } from '../../source/diagnosis/evidence.js';
import { isLocal } from '../../source/diagnosis/facts/addresses.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { connections } from '../../source/diagnosis/facts/connections.js';
import { bringBackFix } from '../../source/diagnosis/facts/context.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { datastores } from '../../source/diagnosis/facts/datastores.js';
import { edges, type NamedEdge } from '../../source/diagnosis/facts/edges.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { insides } from '../../source/diagnosis/facts/inside.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { isGone, serviceAt, whoText } from '../../source/diagnosis/facts/services.js';
import { earliest, fresh, known } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf, workloadPlace } from '../../source/diagnosis/places.js';
import { joinHostPort } from '../../source/linux/ip-address.js';
import { kindOfPort } from '../../source/probes/datastores/kinds.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/**
 * Databases that nobody has seen listen, and that clients try to reach in vain: those that were down before anybody
 * looked. Known by their port; an attempt whose SYN waits for an answer is a matter of the way there.
 */
export function refusedEdges(history: History): Candidate[] {
  const byServer = new Map<string, NamedEdge[]>();
  const seen = seenPlaces(history);
  for (const edge of edges(history)) {
    const server = serverOf(edge);
    if (edge.direction !== 'out' || !kindOfPort(edge.port) || seen.has(placeOf(server))) continue;
    byServer.set(server, [...(byServer.get(server) ?? []), edge]);
  }
  return [...byServer].flatMap(([server, all]) => candidate(history, server, all) ?? []);
}

/** On a container's own loopback it is another server than on the host's. */
const serverOf = ({ peer, port, inside }: NamedEdge): string =>
  inside !== null && isLocal(`${peer}:${port}`) ? `${inside}:${port}` : joinHostPort(peer, port);

/** Where a database is judged by other means, or somebody listens. */
function seenPlaces(history: History): Set<string> {
  const entered = database(history)?.address;
  const listening = (fresh(history.latest.sockets)?.listeners ?? []).map(({ port }) => `127.0.0.1:${port}`);
  const inside = insides(history).flatMap(({ name, sockets }) =>
    (sockets?.listeners ?? []).map(({ port }) => `${name}:${port}`),
  );
  const asked = datastores(history).map(({ address }) => address);
  return new Set(
    [...asked, ...listening, ...inside, ...(entered === undefined ? [] : [entered])].map(placeOf),
  );
}

/**
 * Whether it is the server that refuses, and not the way there that swallows: on a loopback there is no way; a container's
 * connections are tried by the matrix; and of this host's own no SYN may have waited for its answer.
 */
function isRefused(history: History, server: string, all: readonly NamedEdge[]): boolean {
  if (all.every(({ peer, port }) => isLocal(`${peer}:${port}`))) return true;
  const tried = connections(history).filter(({ address }) => address === server);
  if (tried.length > 0) return tried.every(({ cell }) => cell.outcome === 'refused');
  return all.every(
    ({ inside, label }) =>
      inside === null &&
      known(history, `edge.synSent${label}`, THRESHOLDS.attempts.windowMs).every(({ value }) => value === 0),
  );
}

/**
 * Whether a container is asked for a database that nobody has ever seen in it, while one of that kind answers in another:
 * then a name, an address or a setting is out of date, and no database is down.
 */
function livesElsewhere(history: History, server: string, { port, inside, peer }: NamedEdge): boolean {
  const asked = inside !== null && isLocal(`${peer}:${port}`) ? inside : serviceAt(history, server)?.name;
  if (asked === undefined) return false;
  const kind = kindOfPort(port)?.kind;
  return datastores(history).some(
    (one) => one.kind === kind && one.state === 'alive' && one.workload !== null && one.workload !== asked,
  );
}

function candidate(history: History, server: string, all: readonly NamedEdge[]): Candidate | undefined {
  const { windowMs, value } = THRESHOLDS.attempts;
  const attempts = all.flatMap(({ label }) => known(history, `edge.failed${label}`, windowMs));
  const opened = all.flatMap(({ label }) => known(history, `edge.opened${label}`, windowMs));
  const count = attempts.reduce((sum, point) => sum + point.value, 0);
  const open = all.some(({ states, synSent }) => (states.ESTAB ?? 0) > 0 || synSent.count > 0);
  const service = serviceAt(history, server);
  const [first] = all;
  // What ended or was killed is told of by its own mode.
  if (
    !first ||
    count === 0 ||
    open ||
    opened.some((point) => point.value > 0) ||
    (service && isGone(service))
  )
    return undefined;
  if (!isRefused(history, server, all) || livesElsewhere(history, server, first)) return undefined;
  const title = kindOfPort(first.port)?.title ?? 'The database';
  const clients = whoText(history, [...new Set(all.map(({ owner }) => owner ?? 'this host'))]);
  const name = service ? `${title} in ${service.name}` : `${title} at ${server}`;
  const local = isLocal(server) || service !== undefined;
  return {
    subject: { kind: 'listener', id: server },
    target: `${clients} → ${name}`,
    raise: count >= value,
    title: local
      ? `${name} is down: nobody listens there, and connections are refused`
      : `${name} lets nobody connect: every attempt is refused`,
    severity: failing(history).length > 0 ? 'critical' : 'warning',
    evidence: gather(
      supports(THRESHOLDS.attempts, {
        signal: `edge.failed${first.label}`,
        reading: count,
        value: `${plural(count, 'attempt')} of ${clients} to connect to ${server} ended without a connection, none with one`,
      }),
      failingRow(history, THRESHOLDS.failingTargets),
    ),
    ruledOut: [
      { id: 'database-connections', because: 'no connection comes about; a full one answers, and says so' },
    ],
    fix: [bringBackFix(service, server, `start ${title} again`, true)],
    explanation: [`${plural(count, 'attempt')} in ${windowMs / 1000} s, and no connection`],
    since: earliest(attempts[0]?.at),
    radius: aroundDatabase(history, { address: server }),
    seenAt: [service ? workloadPlace(service.name) : placeOf(server)],
  };
}
