import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { isLocal, splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { database, databaseText, isInnocent } from '../../source/diagnosis/facts/database.js';
import { lookupsTroubled, resolvers } from '../../source/diagnosis/facts/dns.js';
import { names, type TargetView } from '../../source/diagnosis/facts/http.js';
import { processText } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { ListenQueue, ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** An address that takes connections and does not answer, or whose process is frozen. */
export interface Hung {
  readonly history: History;
  /** `host:port`, as it is probed. */
  readonly address: string;
  /** All targets at the address, and those of them that stay silent. */
  readonly views: readonly TargetView[];
  readonly silent: readonly TargetView[];
  /** Who serves it, where that is known. */
  readonly service: ServiceSample | undefined;
  readonly frozen: boolean;
  /** Silent addresses that may wait for it, where it is frozen; and whether it waits for such a one itself. */
  readonly waiting: readonly string[];
  readonly waits: boolean;
}

/** What speaks for and against a frozen service, each with its figure. */
export const evidenceOf = (hung: Hung): WeightedEvidence[] =>
  gather(silence(hung), process(hung), backlog(hung), lookups(hung), databaseRow(hung));

function silence({ silent }: Hung): WeightedEvidence | undefined {
  const first = silent[0];
  if (!first) return undefined;
  const connect = duration(first.sample.phases.connect ?? 0);
  return supports(THRESHOLDS.firstByte, {
    signal: `http.ok{${first.target}}`,
    reading: first.sample.totalMs,
    value: `${names(silent)}: connected in ${connect}, no byte for ${duration(first.sample.totalMs)}`,
  });
}

function process({ history, service, frozen, address }: Hung): WeightedEvidence {
  if (!service || (service.processState === null && !frozen)) {
    const why = history.latest.services
      ? `no process seen behind ${address}`
      : 'processes are not watched here';
    return missing('service.up', why, 'whether its process is frozen');
  }
  const row = { signal: `service.up{${service.name}}`, value: processText(service) };
  return (frozen ? supports : refutes)(THRESHOLDS.processState, row);
}

/** The listen queue behind a local address, or undefined when it cannot be read. */
export function queueAt(history: History, address: string): ListenQueue | undefined {
  if (!isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  return fresh(history.latest.sockets)?.listeners.find((queue) => queue.port === port);
}

function backlog({ history, address }: Hung): WeightedEvidence | undefined {
  const queue = queueAt(history, address);
  if (!queue || queue.queued < THRESHOLDS.notAccepted.value) return undefined;
  const of = queue.backlog === null ? '' : ` of ${queue.backlog}`;
  return supports(THRESHOLDS.notAccepted, {
    signal: 'sockets.listeners',
    reading: queue.queued,
    value: `${queue.queued}${of} connections nobody accepts on port ${queue.port}`,
  });
}

function lookups({ history }: Hung): WeightedEvidence | undefined {
  const views = resolvers(history);
  if (views.length === 0) return undefined;
  const slowest = Math.max(...views.flatMap((view) => view.names.map((name) => name.sample.totalMs)));
  const { lookupsInTime } = THRESHOLDS;
  const troubled = lookupsTroubled(history, lookupsInTime.windowMs);
  const row = { signal: 'dns.p95', reading: slowest, value: `lookups take ${duration(slowest)}` };
  return (troubled ? refutes : supports)(lookupsInTime, row);
}

function databaseRow({ history }: Hung): WeightedEvidence | undefined {
  const sample = database(history);
  if (!sample) return undefined;
  const reading = sample.selectOneMs ?? undefined;
  const row = { signal: 'postgres.selectOne', reading, value: databaseText(sample) };
  return (isInnocent(sample) ? supports : refutes)(THRESHOLDS.databaseAnswers, row);
}
