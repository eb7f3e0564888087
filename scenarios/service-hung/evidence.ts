import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import type { Link } from '../../source/diagnosis/facts/chains.js';
import { names } from '../../source/diagnosis/facts/http.js';
import { type Hung, queueOf } from '../../source/diagnosis/facts/hung-listeners.js';
import { mayNeedEntered } from '../../source/diagnosis/facts/reach.js';
import { databaseRow, lookupsRow, notAcceptedRow } from '../../source/diagnosis/facts/rows.js';
import { processText, stopText } from '../../source/diagnosis/facts/services.js';
import { unixRow } from '../../source/diagnosis/facts/unix-sockets.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** Wall-clock ms since when requests stay without an answer, or null. */
export const sinceOf = ({ silent, waiting }: Hung): number | null =>
  earliest(...[...silent, ...waiting].map((view) => view.failingSince));

/** Whether lookups of a client, or of this host (null), may be its own. */
export const mayAsk = ({ service }: Hung, client: string | null): boolean =>
  client === null || client === service?.name;

/** What speaks for and against a frozen or silent service, each with its figure. */
export function evidenceOf(hung: Hung): WeightedEvidence[] {
  const { history } = hung;
  const queue = queueOf(hung);
  const since = sinceOf(hung);
  return gather(
    silence(hung),
    processOf(hung),
    ...hung.chain.map((link) => waitRow(link)),
    queue && notAcceptedRow('sockets.listeners', queue, THRESHOLDS.notAccepted),
    answersNobody(hung),
    hung.unix && unixRow(hung.unix, THRESHOLDS.unaccepted),
    // What it waits for matters only of one that runs.
    !hung.frozen && lookupsRow(history, THRESHOLDS.lookupsInTime, since, (client) => mayAsk(hung, client)),
    !hung.frozen && mayNeedEntered(history, hung) && databaseRow(history, THRESHOLDS.databaseAnswers, since),
  );
}

function silence({ silent, waiting }: Hung): WeightedEvidence | undefined {
  const muted = silent.length > 0 ? silent : waiting;
  const [first] = muted;
  if (!first) return undefined;
  const connect = duration(first.sample.phases.connect ?? 0);
  return supports(THRESHOLDS.firstByte, {
    signal: `http.ok{${first.target}}`,
    reading: first.sample.totalMs,
    value: `${names(muted)}: connected in ${connect}, no byte for ${duration(first.sample.totalMs)}`,
  });
}

function processOf({ history, address, service, process, frozen }: Hung): WeightedEvidence {
  const { processState } = THRESHOLDS;
  if (process)
    return supports(processState, {
      signal: 'sockets.listeners',
      value: `${process.name} (pid ${process.pid}): ${stopText(process)}`,
    });
  if (service && (frozen || service.processState !== null))
    return weigh(frozen, processState, {
      signal: `service.up{${service.name}}`,
      value: processText(service),
    });
  const watched = history.latest.services !== undefined;
  const why = watched ? `no process seen behind ${address}` : 'processes are not watched here';
  return missing('service.up', why, 'whether its process is frozen');
}

function waitRow({ waiter, on, edge, requests, forMs }: Link): WeightedEvidence {
  const how =
    requests > 0
      ? `${plural(requests, 'request')} without an answer, the oldest for ${duration(forMs)}`
      : `${plural(edge.synSent.retried, 'connection')} that ${edge.synSent.retried === 1 ? 'does' : 'do'} not come about`;
  return supports(THRESHOLDS.unanswered, {
    signal: `edges${edge.label}`,
    reading: forMs,
    value: `${waiter} waits for ${on}: ${how}`,
  });
}

function answersNobody({ address, unaccepted }: Hung): WeightedEvidence | undefined {
  if (!unaccepted) return undefined;
  const { windowMs } = THRESHOLDS.answersNobody;
  return supports(THRESHOLDS.answersNobody, {
    signal: `edges{${address}}`,
    reading: unaccepted.forMs,
    value: `${plural(unaccepted.came, 'connection')} in ${windowMs / 1000} s, not a byte sent to any, the oldest waits for ${duration(unaccepted.forMs)}`,
  });
}
