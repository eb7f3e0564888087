import type { Unit } from '../../probes/samples.js';
import { duration, plural } from '../../terminal/format.js';
import { gather, missing, supports, type WeightedEvidence, weigh } from '../evidence.js';
import type { Threshold } from '../threshold.js';
import { isLocal, splitAddress } from './addresses.js';
import type { Link } from './chains.js';
import { names, type TargetView } from './http.js';
import { type Hung, hungSince, queueOf } from './hung.js';
import { listenQueue } from './listeners.js';
import { mayNeedEntered } from './reach.js';
import type { RefusedPort } from './refused-ports.js';
import { databaseRow, failingRow, lookupsRow, notAcceptedRow, processRow } from './rows.js';
import { processText, stopText } from './services.js';
import type { TroubledUnit } from './troubled-units.js';
import { besides, type DownUnit, unitText } from './units.js';
import { unixRow } from './unix-sockets.js';
import type { Unreached } from './unreached.js';
import { fresh } from './values.js';
import { mayAsk } from './well-behind.js';

/** Rows of evidence of one listener, and of who should listen there. Each mode weighs them by thresholds of its own. */

/** How a listener is weighed that is not there. */
interface NoListenerBounds {
  readonly refusals: Threshold;
  readonly processEnded: Threshold;
  readonly listener: Threshold;
  readonly unitDown: Threshold;
}

/** What speaks for it, and against it, that nobody listens at an address that is probed. */
export const unreachedRows = (one: Unreached, against: NoListenerBounds): WeightedEvidence[] => {
  const { history, address, gone, service, unit } = one;
  return gather(
    refusalRow(one, against.refusals),
    processRow(history, against.processEnded, address, service && gone, 'how its process ended'),
    listenerRow(one, against.listener),
    unit && unitRow(unit, against.unitDown),
  );
};

/** The same of a service of systemd. */
export const troubledUnitRows = (
  one: TroubledUnit,
  against: {
    readonly restartsInLoop: Threshold;
    readonly unitDown: Threshold;
    readonly askedForInVain: Threshold;
  },
): WeightedEvidence[] =>
  gather(
    one.loop ? restartsRow(one.loop, against.restartsInLoop) : unitRow(one, against.unitDown),
    one.asked &&
      supports(against.askedForInVain, {
        signal: 'sockets.edges',
        value: `processes of this host ask for port ${one.ports.join(', ')} in vain`,
      }),
  );

/** The same of a port that others ask for, and of the `failing` targets that feel it. */
export const refusedPortRows = (
  one: RefusedPort,
  failing: readonly TargetView[],
  against: {
    readonly attempts: Threshold & { readonly windowMs: number };
    readonly listener: Threshold;
    readonly failingUsers: Threshold;
  },
): WeightedEvidence[] =>
  gather(
    attemptsRow(one, against.attempts),
    supports(against.listener, { signal: 'sockets.LISTEN', value: `no listener on port ${one.port}` }),
    failingRow(failing, against.failingUsers),
  );

/** Targets that are refused there, and how often in a row; undefined where none is. */
function refusalRow({ refused, runs }: Unreached, against: Threshold): WeightedEvidence | undefined {
  const [first] = refused;
  if (!first) return undefined;
  const value = `${names(refused)}: ${first.sample.failure?.text ?? 'refused'}, ${plural(first.failed, 'run')} in a row`;
  return supports(against, { signal: `http.ok{${first.target}}`, reading: runs, value });
}

/** Whether anybody listens at an address of this host; undefined of another's, and where that was not read. */
function listenerRow({ history, address }: Unreached, against: Threshold): WeightedEvidence | undefined {
  if (!fresh(history.latest.sockets) || !isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  const open = listenQueue(history, address) !== undefined;
  return weigh(!open, against, {
    signal: 'sockets.LISTEN',
    value: open ? `somebody listens on port ${port}` : `no listener on port ${port}`,
  });
}

/** What systemd says of a service that is down, or what was seen of it. */
const unitRow = (one: DownUnit, against: Threshold): WeightedEvidence =>
  supports(against, {
    signal: one.unit ? 'units' : 'sockets.listeners',
    value: `${unitText(one)}${besides(one.unit)}`,
    ...(one.unit?.endedAt ? { at: one.unit.endedAt } : {}),
  });

/** How often systemd has started a service again. */
const restartsRow = (unit: Unit, against: Threshold): WeightedEvidence =>
  supports(against, {
    signal: `unit.restarts{${unit.name}}`,
    reading: unit.restarts,
    value: `${plural(unit.restarts, 'restart')} by systemd, ${unit.state === 'restarting' ? 'and it waits for the next' : 'the last a moment ago'}${besides(unit)}`,
  });

/** Attempts of others to connect to a port at which nobody listens. */
const attemptsRow = (
  { attempts }: RefusedPort,
  against: Threshold & { readonly windowMs: number },
): WeightedEvidence =>
  supports(against, {
    signal: 'sockets.edges',
    reading: attempts,
    value: `${plural(attempts, 'attempt')} to connect in ${duration(against.windowMs)}, none came about`,
  });

/** How one is weighed that is silent or frozen. */
interface HungBounds {
  readonly firstByte: Threshold;
  readonly processState: Threshold;
  readonly unanswered: Threshold;
  readonly notAccepted: Threshold & { readonly value: number };
  readonly answersNobody: Threshold & { readonly windowMs: number };
  readonly unaccepted: Threshold;
  readonly lookupsInTime: Threshold & { readonly windowMs: number };
  readonly databaseAnswers: Threshold;
}

/** What speaks for one that is silent or frozen, and against it; what it waits for matters only of one that runs. */
export function hungRows(one: Hung, against: HungBounds): WeightedEvidence[] {
  const { history, frozen } = one;
  const queue = queueOf(one);
  const since = hungSince(one);
  const asks = (client: string | null): boolean => mayAsk(one, client);
  return gather(
    silenceRow(one, against.firstByte),
    frozenRow(one, against.processState),
    ...one.chain.map((link) => waitRow(link, against.unanswered)),
    queue && notAcceptedRow('sockets.listeners', queue, against.notAccepted),
    answersNobodyRow(one, against.answersNobody),
    one.unix && unixRow(one.unix, against.unaccepted),
    !frozen && lookupsRow(history, against.lookupsInTime, since, asks),
    !frozen && mayNeedEntered(history, one) && databaseRow(history, against.databaseAnswers, since),
  );
}

/** Targets that connected and got not a byte; undefined where none did. */
function silenceRow({ silent, waiting }: Hung, against: Threshold): WeightedEvidence | undefined {
  const muted = silent.length > 0 ? silent : waiting;
  const [first] = muted;
  if (!first) return undefined;
  const connect = duration(first.sample.phases.connect ?? 0);
  return supports(against, {
    signal: `http.ok{${first.target}}`,
    reading: first.sample.totalMs,
    value: `${names(muted)}: connected in ${connect}, no byte for ${duration(first.sample.totalMs)}`,
  });
}

/** Whether its processes are stopped. */
function frozenRow(
  { history, address, service, process, frozen }: Hung,
  against: Threshold,
): WeightedEvidence {
  if (process)
    return supports(against, {
      signal: 'sockets.listeners',
      value: `${process.name} (pid ${process.pid}): ${stopText(process)}`,
    });
  if (service && (frozen || service.processState !== null))
    return weigh(frozen, against, {
      signal: `service.up{${service.name}}`,
      value: processText(service),
    });
  const watched = history.latest.services !== undefined;
  const why = watched ? `no process seen behind ${address}` : 'processes are not watched here';
  return missing('service.up', why, 'whether its process is frozen');
}

/** That one waits for another. */
function waitRow({ waiter, on, edge, requests, forMs }: Link, against: Threshold): WeightedEvidence {
  const how =
    requests > 0
      ? `${plural(requests, 'request')} without an answer, the oldest for ${duration(forMs)}`
      : `${plural(edge.synSent.retried, 'connection')} that ${edge.synSent.retried === 1 ? 'does' : 'do'} not come about`;
  return supports(against, {
    signal: `edges${edge.label}`,
    reading: forMs,
    value: `${waiter} waits for ${on}: ${how}`,
  });
}

/** That it sent a byte to nobody who came; undefined where that is not seen. */
function answersNobodyRow(
  { address, unaccepted }: Hung,
  against: Threshold & { readonly windowMs: number },
): WeightedEvidence | undefined {
  if (!unaccepted) return undefined;
  const { windowMs } = against;
  return supports(against, {
    signal: `edges{${address}}`,
    reading: unaccepted.forMs,
    value: `${plural(unaccepted.came, 'connection')} in ${windowMs / 1000} s, not a byte sent to any, the oldest waits for ${duration(unaccepted.forMs)}`,
  });
}
