import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { duration } from '../../terminal/format.js';
import { targets } from '../facts/http.js';
import { fresh, known } from '../facts/values.js';
import { HOST_PLACE } from '../places.js';
import { atTime, BEFORE_MS, cannotTell, edgesOf, type Incident, no, type Question, yes } from './question.js';

/** Netdata, postgres_total_connection_utilization: critical above 90 %; all of them but one in twenty is all (our choice). */
const FULL = 0.95;
/** Our choice: so many looks in a row with the same number of busy connections, and at least two of them. */
const PLATEAU = { looks: 3, least: 2 };

/** What may be used up, how much of it is in use at each look, and how much there is; null where it has no known end. */
interface Pool {
  readonly name: string;
  readonly points: readonly Point[];
  readonly most: number | null;
}

/** Slots of databases and busy connections of clients, against the first failure that users met. */
export const pool: Question = {
  id: 'pool',
  question: 'Did the connection pool saturate before the service fell?',
  answer(history, incident) {
    const pools = poolsOf(history, incident);
    if (pools.length === 0)
      return cannotTell(
        'no database with known slots, and no client with several requests at once, was seen',
      );
    const full = pools.flatMap((one) => fullAt(one) ?? []).sort((a, b) => a.at - b.at)[0];
    if (!full) {
      const [first] = pools.sort((a, b) => fillOf(b) - fillOf(a));
      return first
        ? no(`at most ${largest(first)}${of(first)} of ${first.name} were in use`)
        : cannotTell('');
    }
    const fell = firstFailure(history, incident);
    const what = `all ${full.size} of ${full.pool.name} were in use from ${atTime(full.at)} on`;
    if (!fell) return cannotTell(`${what}, and no target was seen to fail`);
    return full.at <= fell.at
      ? yes(`${what}, ${duration(fell.at - full.at)} before ${fell.target} failed`)
      : no(`${what}, ${duration(full.at - fell.at)} after ${fell.target} had failed`);
  },
};

function poolsOf(history: History, incident: Incident): Pool[] {
  const ms = history.now - incident.since + BEFORE_MS;
  const { sample } = history.latest.postgres ?? {};
  const login = sample?.maxConnections == null ? null : sample.maxConnections - (sample.reserved ?? 0);
  const servers = (fresh(history.latest.datastores)?.datastores ?? []).map(
    ({ address, workload, slots }): Pool => ({
      name: `the connections of ${workload ?? address}`,
      points: known(history, `datastores.clients{${address}}`, ms),
      most: slots?.most == null ? null : slots.most - slots.reserved,
    }),
  );
  const clients = edgesOf(history, incident)
    .filter(({ direction }) => direction === 'out')
    .map(
      ({ owner, processes, peerText, label }): Pool => ({
        name: `the connections of ${owner ?? processes?.[0] ?? HOST_PLACE} to ${peerText}`,
        points: known(history, edgeSignals(label).unanswered, ms),
        most: null,
      }),
    );
  const entered = { name: 'the database’s connections', most: login };
  return [
    { ...entered, points: known(history, 'postgres.connections', ms) },
    ...servers.filter(({ most }) => most !== null),
    ...clients,
  ].filter(({ points }) => points.length > 0);
}

/** When it was first used up: of one whose end is not known, when it stopped growing. */
function fullAt(one: Pool): { readonly pool: Pool; readonly at: number; readonly size: number } | undefined {
  const { points, most } = one;
  if (most !== null) {
    const first = points.find(({ value }) => value >= FULL * most);
    return first && { pool: one, at: first.at, size: most };
  }
  const size = largest(one);
  const first = points.findIndex((_, i) => {
    const run = points.slice(i, i + PLATEAU.looks);
    return run.length === PLATEAU.looks && run.every(({ value }) => value === size);
  });
  const at = points[first]?.at;
  return at === undefined || size < PLATEAU.least ? undefined : { pool: one, at, size };
}

const largest = ({ points }: Pool): number => Math.max(...points.map(({ value }) => value));
const fillOf = (one: Pool): number => (one.most === null ? 0 : largest(one) / one.most);
const of = ({ most }: Pool): string => (most === null ? '' : ` of ${most}`);

/** Of the time around the incident: a failure long before it is another one. */
function firstFailure(
  history: History,
  { since }: Incident,
): { readonly target: string; readonly at: number } | undefined {
  return targets(history)
    .flatMap(({ target }) => {
      const first = known(history, `http.ok{${target}}`, history.now - since + BEFORE_MS).find(
        ({ value, at }) => value === 0 && at >= since - BEFORE_MS,
      );
      return first ? [{ target, at: first.at }] : [];
    })
    .sort((a, b) => a.at - b.at)[0];
}
