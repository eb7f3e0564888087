import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { names, type TargetView } from '../../source/diagnosis/facts/http.js';
import { listenQueue } from '../../source/diagnosis/facts/listeners.js';
import { databaseRow, lookupsRow, processRow } from '../../source/diagnosis/facts/rows.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** An address that does not answer as it should, or whose process is frozen. */
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
export function evidenceOf(hung: Hung): WeightedEvidence[] {
  const { history, address, service, frozen } = hung;
  const { processState, lookupsInTime, databaseAnswers } = THRESHOLDS;
  const known = frozen || (service?.processState ?? null) !== null;
  return gather(
    silence(hung),
    processRow(history, processState, address, known ? frozen : undefined, 'whether its process is frozen'),
    backlog(hung),
    lookupsRow(history, lookupsInTime),
    databaseRow(history, databaseAnswers),
  );
}

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

function backlog({ history, address }: Hung): WeightedEvidence | undefined {
  const queue = listenQueue(history, address);
  if (!queue || queue.queued < THRESHOLDS.notAccepted.value) return undefined;
  const of = queue.backlog === null ? '' : ` of ${queue.backlog}`;
  return supports(THRESHOLDS.notAccepted, {
    signal: 'sockets.listeners',
    reading: queue.queued,
    value: `${queue.queued}${of} connections nobody accepts on port ${queue.port}`,
  });
}
