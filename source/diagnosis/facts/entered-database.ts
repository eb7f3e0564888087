import type { PostgresSample, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { gather, type Measured } from '../evidence.js';
import { aroundDatabase } from './blast-radius.js';
import { bringBackFix, sickApp } from './context.js';
import { database } from './database.js';
import type { DatabaseState } from './database-state.js';
import { later } from './fixes.js';
import { answersNobody, howFrozen, isFrozen, isPausedContainer, processText, serviceAt } from './services.js';
import { unreadSince } from './values.js';

/** PostgreSQL error 57P03 cannot_connect_now. */
const STARTING = /starting up|shutting down|recovery mode|not yet accepting/i;

/** The database that is entered with a login, asked by its address; none where none is. */
export function enteredDatabase(history: History): DatabaseState[] {
  const sample = database(history);
  if (!sample) return [];
  const { address, failure, selectOneMs } = sample;
  const service = serviceAt(history, address);
  const radius = aroundDatabase(history, sample);
  const isRefused = failure?.kind === 'refused';
  const answersNoOne = service !== undefined && answersNobody(service);
  const state: DatabaseState = {
    ...{ address, entered: true, service, radius, grave: true, queued: 0 },
    client: sickApp(history, radius)?.label ?? 'clients',
    server: `database ${service?.name ?? address}`,
    name: 'The database',
    trouble: troubleOf(sample, service),
    down: isDown(sample),
    well: failure === null && selectOneMs !== null,
    outcome: failure ? (isRefused ? 'refused' : 'silent') : selectOneMs === null ? undefined : 'answers',
    asked: askedOf(sample),
    process: answersNoOne
      ? { signal: `service.up{${service.name}}`, value: processText(service) }
      : undefined,
    speaksFrozen: service !== undefined && isFrozen(service) && failure?.kind !== 'timeout',
    notFull: notFull(sample),
    fix: [
      bringBackFix(
        service,
        address,
        `start ${service?.name ?? `the database at ${address}`} again`,
        isRefused,
      ),
      later('a supervisor that restarts it, and a standby that takes over'),
      later('circuit breaker: answer 503 at once while the database is away', 'breaker'),
    ],
    explanation: gather(
      `asked by address: ${failure?.text ?? 'it answers again'}`,
      service && `${service.name}: ${processText(service)}`,
    ),
    since: failure ? unreadSince(history, 'postgres.selectOne') : null,
  };
  return [state];
}

function askedOf({ failure, selectOneMs }: PostgresSample): Measured {
  const signal = 'postgres.selectOne';
  if (failure || selectOneMs === null) return { signal, value: `${failure?.text ?? ''} (asked by address)` };
  return {
    signal,
    reading: selectOneMs,
    value: `SELECT 1 in ${duration(selectOneMs)}`,
    threshold: 'an error',
  };
}

/** A full database answers, and says that it is full; a refusal by the kernel is none of its words. */
function notFull({ failure }: PostgresSample): string[] {
  if (failure?.kind !== 'refused' && failure?.kind !== 'timeout') return [];
  return [
    `${failure.kind === 'refused' ? 'the kernel refuses' : 'it says nothing'}; a full one says 53300 itself`,
  ];
}

function isDown({ failure }: PostgresSample): boolean {
  if (!failure) return false;
  return ['refused', 'timeout', 'reset'].includes(failure.kind) || STARTING.test(failure.text);
}

function troubleOf({ failure }: PostgresSample, service: ServiceSample | undefined): string {
  if (failure && STARTING.test(failure.text)) return 'is not ready: it is starting or shutting down';
  if (service && isFrozen(service))
    return `is frozen: ${howFrozen(service.stopped, isPausedContainer(service))}`;
  if (failure?.kind === 'timeout') return 'does not answer';
  return 'is down: nothing listens at its address';
}
