import {
  DATABASE_FAST_MS,
  database,
  databaseText,
  isInnocent,
} from '../../source/diagnosis/facts/database.js';
import { lookupsTroubled, resolvers } from '../../source/diagnosis/facts/dns.js';
import { names, type TargetView } from '../../source/diagnosis/facts/http.js';
import { processText } from '../../source/diagnosis/facts/services.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { ListenQueue, ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';

export interface Scene {
  readonly history: History;
  readonly address: string;
  /** All targets at the address, and those of them that stay silent. */
  readonly views: readonly TargetView[];
  readonly silent: readonly TargetView[];
  readonly service: ServiceSample | undefined;
  readonly frozen: boolean;
  readonly queue: ListenQueue | undefined;
}

/** How long a trouble with lookups keeps this from being named (ms): longer than the HTTP probe's own wait. */
export const TROUBLE_MS = 12_000;

/** How long the connections and lookups of the containers behind it may take to be tried again (ms). */
export const BEHIND_MS = 20_000;

const THRESHOLDS = {
  connect: 'the kernel accepts for a process that is frozen: connect works, read hangs (measured)',
  process: 'proc(5): state T of /proc/PID/stat is stopped by a signal',
  queue: { value: 1, source: 'ss(8): Recv-Q of a LISTEN socket counts connections nobody accepted' },
  lookups: 'a slow resolver makes its clients look frozen',
} as const;

/** What speaks for and against a frozen service, each with its figure. */
export const evidenceOf = (scene: Scene): WeightedEvidence[] =>
  gather(silence(scene), process(scene), backlog(scene), lookups(scene), databaseRow(scene));

function silence({ silent }: Scene): WeightedEvidence | undefined {
  const first = silent[0];
  if (!first) return undefined;
  const connect = duration(first.sample.phases.connect ?? 0);
  const value = `${names(silent)}: connected in ${connect}, no byte for ${duration(first.sample.totalMs)}`;
  const row = {
    signal: `http.ok{${first.target}}`,
    value,
    threshold: 'a first byte',
    source: THRESHOLDS.connect,
  };
  return supports(0.2, row);
}

function process({ history, service, frozen, address }: Scene): WeightedEvidence {
  if (!service?.processState && !frozen) {
    const why = history.latest.services
      ? `no process seen behind ${address}`
      : 'processes are not watched here';
    return missing('service.up', why, 'whether its process is frozen');
  }
  const row = {
    signal: `service.up{${service?.name ?? address}}`,
    value: service ? processText(service) : 'frozen',
    threshold: 'state S or R',
    source: THRESHOLDS.process,
  };
  return frozen ? supports(0.3, row) : refutes(0.05, row);
}

function backlog({ queue }: Scene): WeightedEvidence | undefined {
  if (!queue || queue.queued < THRESHOLDS.queue.value) return undefined;
  const of = queue.backlog === null ? '' : ` of ${queue.backlog}`;
  return supports(0.1, {
    signal: 'sockets.listeners',
    value: `${queue.queued}${of} connections nobody accepts on port ${queue.port}`,
    threshold: '0',
    source: THRESHOLDS.queue.source,
  });
}

function lookups({ history }: Scene): WeightedEvidence | undefined {
  const views = resolvers(history);
  if (views.length === 0) return undefined;
  const slowest = Math.max(...views.flatMap((view) => view.names.map((name) => name.sample.totalMs)));
  const value = `lookups take ${duration(slowest)}`;
  const row = { signal: 'dns.p95', value, threshold: '1 s, none late', source: THRESHOLDS.lookups };
  return lookupsTroubled(history, TROUBLE_MS) ? refutes(0.25, row) : supports(0.06, row);
}

function databaseRow({ history }: Scene): WeightedEvidence | undefined {
  const sample = database(history);
  if (!sample) return undefined;
  const row = {
    signal: 'postgres.selectOne',
    value: databaseText(sample),
    threshold: `${duration(DATABASE_FAST_MS)}, 80 % of connections`,
    source: 'Coroot PostgresLatency; Netdata postgres connections',
  };
  return isInnocent(sample) ? supports(0.06, row) : refutes(0.25, row);
}
