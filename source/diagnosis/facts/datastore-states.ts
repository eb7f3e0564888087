import { kindNamed } from '../../probes/datastores/kinds.js';
import type { Datastore, ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { plural } from '../../terminal/format.js';
import { gather, type Measured } from '../evidence.js';
import { placeOf, workloadPlace } from '../places.js';
import { isLocal, splitAddress } from './addresses.js';
import { aroundDatabase } from './blast-radius.js';
import { bringBackFix, sickApp } from './context.js';
import { database } from './database.js';
import type { DatabaseState } from './database-state.js';
import {
  datastoreName,
  datastores,
  datastoreText,
  hadClients,
  isDownDatastore,
  isOutOfFiles,
  seenAtDatastore,
} from './datastores.js';
import { failingAt } from './failing-at.js';
import { now } from './fixes.js';
import { limitsCommand, notFull } from './full-datastores.js';
import { type RefusedBounds, type RefusedPort, refusedPorts } from './refused-ports.js';
import { answersNobody, processText, serviceAt, whoText } from './services.js';
import { failures, known, STREAK_MS } from './values.js';

/** Databases and brokers that nobody enters: those that are asked without a login, and those that clients ask in vain. */
export const seenDatastores = (history: History, bounds: RefusedBounds): DatabaseState[] => [
  ...datastores(history).map((one) => askedUnentered(history, one)),
  ...refusedDatabases(history, bounds),
];

function askedUnentered(history: History, one: Datastore): DatabaseState {
  const { address, state, said, note, frozen, queued, askedAt } = one;
  const service = serviceAt(history, address);
  const radius = aroundDatabase(history, one);
  const felt = failingAt(history, radius).any;
  const missed = felt || hadClients(history, one);
  const signal = `datastores.ok{${address}}`;
  const hangsUp =
    isHangingUp(one) && (felt || known(history, signal, STREAK_MS).some(({ value }) => value === 1));
  return {
    ...{ address, entered: false, service, radius, queued, speaksFrozen: false },
    client: sickApp(history, radius)?.label ?? 'clients',
    server: datastoreName(one),
    name: datastoreName(one),
    trouble: troubleOf(one),
    down: isDownDatastore(one) || hangsUp,
    well: state === 'alive' && !isDownDatastore(one),
    grave: missed || state === 'silent' || frozen,
    outcome: said === '' ? 'unread' : state === 'refused' || state === 'not-ready' ? 'refused' : 'silent',
    asked: {
      signal,
      value: said === '' ? (note ?? 'not asked yet') : `${said} (${address})`,
      threshold: 'an answer to a handshake',
      at: askedAt,
    },
    process: processOf(one, service),
    notFull: notFull(one),
    fix: [fixOf(one, service)],
    explanation: gather(
      `asked without a login: ${datastoreText(one)}`,
      queued > 0 && `${queued} connections wait there to be accepted`,
      service && `${service.name}: ${processText(service)}`,
    ),
    since: failures(history, signal)?.since ?? null,
    seenAt: seenAtDatastore(one),
  };
}

/**
 * Whether it ends each connection that it takes without a word, and not for want of files: a limit of its own (RabbitMQ's
 * connection_max), or a filter of addresses. What is known by its port alone may speak another way.
 */
const isHangingUp = (one: Datastore): boolean =>
  one.state === 'broken-off' && one.knownBy !== 'port' && one.knownBy !== 'name' && !isOutOfFiles(one);

function troubleOf(one: Datastore): string {
  if (one.state === 'broken-off') return 'takes connections and ends each without a word';
  if (one.state === 'refused') return 'is down: nobody listens there any more';
  if (one.state === 'not-ready') return `lets nobody in: ${one.said}`;
  if (one.frozen) return 'is frozen: it takes connections and does not answer';
  if (one.state === 'unreachable') return 'does not answer: its connections are not even accepted';
  return 'takes connections and does not answer';
}

/** Undefined where its process is not seen to answer nobody. */
function processOf(one: Datastore, service: ServiceSample | undefined): Measured | undefined {
  const { frozen, process, workload } = one;
  const dead = service && answersNobody(service) ? service : undefined;
  if (frozen) {
    const who = workload ?? `process ${process?.pid} (${process?.command})`;
    return {
      signal: 'datastores.process',
      value: `${who}: ${dead ? processText(dead) : 'stopped by a signal'}`,
    };
  }
  return dead && { signal: `service.up{${dead.name}}`, value: processText(dead) };
}

function fixOf(one: Datastore, service: ServiceSample | undefined): Fix {
  const { frozen, process, state, workload, address } = one;
  const name = datastoreName(one);
  const dead = service !== undefined && answersNobody(service);
  // It runs: what it does is to be seen before it is ended.
  if (state === 'silent' && !frozen && !dead) return askItselfFix(one);
  if (state === 'broken-off' && !dead)
    return now(
      `read in its log why ${name} turns them away: a limit of connections, or of addresses`,
      logCommand(one),
    );
  if (service) return bringBackFix(service, address, `start ${service.name} again`, state === 'refused');
  if (frozen && process) return now(`let ${name} go on`, `kill -CONT ${process.pid}`);
  if (state === 'not-ready') return now(`read what ${name} waits for in its log`, logCommand(one));
  return bringBackFix(undefined, address, `start ${workload ?? name} again`, state === 'refused');
}

/** One that leaves clients waiting when it is full does not say whether it is. */
function askItselfFix(one: Datastore): Fix {
  const { kind, workload, address } = one;
  const name = datastoreName(one);
  if (kindNamed(kind).saysWhenFull)
    return now(`read in its log what ${name} does meanwhile, before it is restarted`, logCommand(one));
  return now(
    `ask ${name} itself, before it is restarted, whether it is at a limit of its own: connections, files, memory`,
    limitsCommand(kind, workload, splitAddress(address).port),
  );
}

const logCommand = ({ process, workload }: Datastore): string =>
  workload === null
    ? `journalctl ${process ? `_PID=${process.pid}` : '-p warning'} -n 50`
    : `docker logs --tail 50 ${workload}`;

/**
 * Databases that nobody has seen listen, and that clients try to reach in vain: those that were down before anybody
 * looked. Known by their port.
 */
function refusedDatabases(history: History, bounds: RefusedBounds): DatabaseState[] {
  const judged = new Set(
    [database(history)?.address ?? [], datastores(history).map(({ address }) => address)].flat().map(placeOf),
  );
  return refusedPorts(history, bounds).flatMap((one) =>
    one.kind && !judged.has(placeOf(one.address)) && !livesElsewhere(history, one)
      ? [askedInVain(history, one, kindNamed(one.kind.kind).title, bounds)]
      : [],
  );
}

/**
 * Whether a container is asked for a database that nobody has ever seen in it, while one of that kind answers in another:
 * then a name, an address or a setting is out of date, and no database is down.
 */
const livesElsewhere = (history: History, { service, kind }: RefusedPort): boolean =>
  service !== undefined &&
  datastores(history).some(
    (one) =>
      one.kind === kind?.kind &&
      one.state === 'alive' &&
      one.workload !== null &&
      one.workload !== service.name,
  );

function askedInVain(
  history: History,
  { address, service, attempts, askers, since }: RefusedPort,
  title: string,
  { attempts: { windowMs } }: RefusedBounds,
): DatabaseState {
  const client = whoText(history, askers);
  const name = service ? `${title} in ${service.name}` : `${title} at ${address}`;
  const radius = aroundDatabase(history, { address });
  const tried = plural(attempts, 'attempt');
  const isHere = isLocal(address) || service !== undefined;
  return {
    ...{ address, entered: false, service, client, name, radius, since, queued: 0, speaksFrozen: false },
    server: name,
    trouble: isHere
      ? 'is down: nobody listens there, and connections are refused'
      : 'lets nobody connect: every attempt is refused',
    down: true,
    well: false,
    grave: failingAt(history, radius).any,
    outcome: 'attempts',
    asked: {
      signal: 'sockets.edges',
      reading: attempts,
      value: `${tried} of ${client} to connect to ${address} ended without a connection, none with one`,
    },
    process: undefined,
    notFull: ['no connection comes about; a full one answers, and says so'],
    fix: [bringBackFix(service, address, `start ${title} again`, true)],
    explanation: [`${tried} in ${windowMs / 1000} s, and no connection`],
    seenAt: [service ? workloadPlace(service.name) : placeOf(address)],
  };
}
