import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import { perSecond } from '../../terminal/format.js';
import type { NamedEdge } from '../facts/edges.js';
import { HOST_PLACE } from '../places.js';
import {
  cannotTell,
  edgesOf,
  type Incident,
  NEVER_BEFORE,
  NO_EDGES_READ,
  no,
  type Question,
  sumsAround,
  timesAround,
  yes,
} from './question.js';

/** Our choice: twice the pace is no chance, and what comes in may vary by half. */
const RAISED = 2;
const ARRIVALS = 1.5;
/** Fewer a second are no load (our choice). */
const LEAST_RATE = 0.5;

/** Connections and requests towards a server, before its trouble and since, beside those that came in meanwhile. */
export const retries: Question = {
  id: 'retries',
  question: 'Did retries raise the load after the upstream slowed?',
  answer(history, incident) {
    const all = edgesOf(history, incident);
    const rates = all.flatMap((edge) => ratesOf(history, incident, edge) ?? []);
    if (all.length === 0) return cannotTell(NO_EDGES_READ);
    const [most] = rates
      .filter(({ edge }) => edge.direction === 'out')
      .sort((a, b) => b.after - b.before - (a.after - a.before));
    if (!most) return cannotTell(rates.length === 0 ? NEVER_BEFORE : 'none of its connections leads out');
    const { edge, before, after } = most;
    const who = edge.owner ?? edge.processes?.[0] ?? HOST_PLACE;
    const pace = `${who} → ${edge.peerText}: ${perSecond(after)} new connections since, ${perSecond(before)} before`;
    if (after < LEAST_RATE || after < RAISED * before) return no(pace);
    const came = rates.filter((one) => one.edge.direction === 'in' && one.edge.owner === edge.owner);
    const arrivals = { before: sum(came, 'before'), after: sum(came, 'after') };
    const beside = `its own clients: ${perSecond(arrivals.after)} since, ${perSecond(arrivals.before)} before`;
    if (came.length === 0) return yes(pace);
    const cameMore = arrivals.after >= ARRIVALS * arrivals.before && arrivals.after >= LEAST_RATE;
    return cameMore ? no(`${pace}, and so did what came in (${beside})`) : yes(`${pace}; ${beside}`);
  },
};

interface Rates {
  readonly edge: NamedEdge;
  /** A second. */
  readonly before: number;
  readonly after: number;
}

/** What came about, and what was tried in vain. */
function ratesOf(history: History, incident: Incident, edge: NamedEdge): Rates | undefined {
  const times = timesAround(history, incident, edge.inside);
  if (!times) return undefined;
  const { opened, failed } = edgeSignals(edge.label);
  const [good, vain] = [opened, failed].map((signal) => sumsAround(history, signal, incident));
  return {
    edge,
    before: (1000 * ((good?.before ?? 0) + (vain?.before ?? 0))) / times.beforeMs,
    after: (1000 * ((good?.after ?? 0) + (vain?.after ?? 0))) / times.afterMs,
  };
}

const sum = (all: readonly Rates[], which: 'before' | 'after'): number =>
  all.reduce((total, one) => total + one[which], 0);
