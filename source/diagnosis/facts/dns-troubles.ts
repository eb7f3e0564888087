import type { LogMatch } from '../../probes/samples.js';
import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { HOST } from '../places.js';
import { splitAddress } from './addresses.js';
import { resolverSubject } from './blast-radius.js';
import { type Connection, connections } from './connections.js';
import { DNS_PORT, givenElsewhere, type ResolverView, resolvers } from './dns.js';
import {
  type FailingClient,
  failingClients,
  type LogBounds,
  type LookupFailure,
  loggedFailures,
  lookupFailure,
} from './failing-clients.js';
import { readSince } from './read-since.js';
import { shedsLoad } from './shed-load.js';
import { earliest } from './values.js';

/** Whose lookups fail, how, and who is answered meanwhile: one client's, or all those of one resolver. */
export interface DnsTrouble {
  readonly subject: Subject;
  /** In which way; `temporary` is all that a log says: a server failure, or nobody answered. */
  readonly form: LookupFailure | 'temporary';
  /** Containers, and null for this host. */
  readonly clients: readonly (string | null)[];
  /** Those of them whose own lookups are watched. */
  readonly failing: readonly FailingClient[];
  /** Names that fail, as they are asked for or logged. */
  readonly names: readonly string[];
  /** The resolver that they ask, where that is seen. */
  readonly view: ResolverView | undefined;
  readonly logs: readonly LogMatch[];
  /** Somebody who is given what they are not; undefined where the resolver fails everybody. */
  readonly control: ResolverView | undefined;
  /** Connections by address that they still make. */
  readonly byAddress: readonly Connection[];
  readonly since: number | null;
  readonly sure: boolean;
}

/**
 * Each client that fails while somebody else is answered: its way to the server is at fault. Of those who fail without
 * that, each resolver that says SERVFAIL or REFUSED: it is alive and fails. Names that nobody is given, silence to
 * everybody, and a server that is full have other names.
 */
export function dnsTroubles(history: History, bounds: LogBounds): DnsTrouble[] {
  const failing = failingClients(history).filter(
    ({ views }) => !views.some((one) => shedsLoad(history, one)),
  );
  const lines = loggedFailures(history, bounds);
  const controlOf = (one: FailingClient): ResolverView | undefined =>
    one.control ??
    failing.find(({ form, control }) => form === one.form && control)?.control ??
    lines[0]?.control;
  const clients = new Set([
    ...failing.map(({ client }) => client),
    ...lines.map(({ match }) => match.service),
  ]);
  const alone = [...clients].flatMap((client): DnsTrouble[] => {
    const own = failing.find((one) => one.client === client);
    const logs = lines.filter(({ match }) => match.service === client);
    const control = own ? controlOf(own) : logs[0]?.control;
    const form = own?.form ?? formOfLine(history, logs[0]?.match);
    if (!control || !form) return [];
    const since = earliest(own?.since, ...logs.map(({ since }) => since));
    return [
      {
        subject: subjectOf(client),
        form,
        clients: [client],
        failing: own ? [own] : [],
        names: [...new Set([...namesOf(own ? [own] : []), ...logs.flatMap(({ names }) => names)])],
        view: own?.views[0],
        logs: logs.map(({ match }) => match),
        control,
        byAddress: reachedFrom(readSince(history, since), [client]),
        since,
        // A rule that drops a share of what is sent refuses one question (EPERM), and lets the next one out.
        sure: form !== 'no way' || logs.length > 0 || (own?.runs ?? 0) >= bounds.runsInARow.value,
      },
    ];
  });
  const others = failing.filter((one) => !controlOf(one));
  return [...alone, ...resolverTroubles(history, others, bounds)];
}

/** Each resolver that tells all its clients that it fails. */
function resolverTroubles(
  history: History,
  failing: readonly FailingClient[],
  { runsInARow }: LogBounds,
): DnsTrouble[] {
  const found = new Map<string, DnsTrouble>();
  // Who fails twice in a row bears out everybody else who fails alike.
  const lasting = failing.flatMap((one) => (one.runs >= runsInARow.value ? [one.form] : []));
  for (const one of failing.filter(({ form }) => form === 'SERVFAIL' || form === 'REFUSED'))
    for (const view of one.views) {
      const subject = resolverSubject(view);
      const its = [...(found.get(subject.id)?.failing ?? []), one];
      const clients = its.map(({ client }) => client);
      const since = earliest(...its.map(({ since }) => since));
      found.set(subject.id, {
        subject,
        form: its[0]?.form ?? one.form,
        clients,
        failing: its,
        names: [...new Set(namesOf(its))],
        view,
        logs: [],
        control: undefined,
        byAddress: reachedFrom(readSince(history, since), clients),
        since,
        sure: its.some(({ form }) => lasting.includes(form)),
      });
    }
  return [...found.values()];
}

const namesOf = (failing: readonly FailingClient[]): string[] =>
  failing.flatMap(({ names }) => names.map(({ name }) => name));

const subjectOf = (client: string | null): Subject =>
  client === null ? HOST : { kind: 'workload', id: client };

const reachedFrom = (history: History, clients: readonly (string | null)[]): Connection[] =>
  connections(history).filter(({ source, cell }) => clients.includes(source) && cell.outcome === 'connected');

/** A line says which of the two it is; of temporary failures it is silence where the resolver's port is out of reach. */
function formOfLine(history: History, match: LogMatch | undefined): DnsTrouble['form'] | undefined {
  if (!match) return undefined;
  if (match.kind === 'name-resolution-missing') return 'NXDOMAIN';
  const mute = connections(history).some(
    ({ source, address, cell }) =>
      source === match.service && splitAddress(address).port === DNS_PORT && cell.outcome === 'timeout',
  );
  return mute ? 'silence' : 'temporary';
}

/** A name that somebody else is given by the same server, and how long that took (ms); undefined where nobody is. */
export function givenToOthers({
  control,
}: DnsTrouble): { text: string; name: string; ms: number } | undefined {
  const given = control?.names.find(({ sample }) => sample.resolved);
  if (!control || !given) return undefined;
  const { name, sample } = given;
  const text = `${control.client ?? 'this host'} is given ${name} in ${duration(sample.totalMs)}`;
  return { text, name, ms: sample.totalMs };
}

/**
 * Whether a client's lookups still fail, or are still logged as failed; of a resolver: whether it still gives nobody what
 * it is asked.
 */
export function isStillFailing(history: History, { kind, id }: Subject, bounds: LogBounds): boolean {
  const all = resolvers(history);
  const failing = all.filter(
    (view) =>
      view.names.some(({ sample }) => lookupFailure(sample) !== undefined) && !shedsLoad(history, view),
  );
  if (kind === 'listener')
    return failing.some((view) => resolverSubject(view).id === id && !givenElsewhere(view, all));
  return (
    failing.some(({ client }) => subjectOf(client).id === id) ||
    loggedFailures(history, bounds).some(({ match }) => match.service === id)
  );
}
