import { isLocal, splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { names, type TargetView } from '../../source/diagnosis/facts/http.js';
import { isGone, processText } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';

/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** A refusal older than this says nothing of now: refused runs follow one another every 2 s (ms). */
  recentMs: 5000,
  /** Refusals in a row; one may be a restart. */
  refusals: { value: 2, source: 'connect(2): ECONNREFUSED means nobody listens on that port' },
  process: 'wait(2): how the process ended',
  listener: 'sock_diag(7): LISTEN sockets of this network namespace',
} as const;

export interface Scene {
  readonly address: string;
  readonly views: readonly TargetView[];
  readonly service: ServiceSample | undefined;
  readonly isRefused: boolean;
}

/** What speaks for and against a stopped service, each with its figure. */
export const evidenceOf = (
  history: History,
  { address, views, service, isRefused }: Scene,
): WeightedEvidence[] =>
  gather(refusal(views, isRefused), process(history, address, service), listener(history, address));

function refusal(views: readonly TargetView[], isRefused: boolean): WeightedEvidence | undefined {
  const first = views[0];
  if (!first || !isRefused) return undefined;
  const { value: runs, source } = THRESHOLDS.refusals;
  const value = `${names(views)}: ${first.sample.failure?.text ?? 'refused'}, ${plural(first.failed, 'run')} in a row`;
  return supports(0.3, { signal: `http.ok{${first.target}}`, value, threshold: `${runs} runs`, source });
}

function process(history: History, address: string, service: ServiceSample | undefined): WeightedEvidence {
  if (!service) {
    const why = history.latest.services
      ? `no service known behind ${address}`
      : 'processes are not watched here';
    return missing('service.up', why, 'how its process ended');
  }
  const row = {
    signal: `service.up{${service.name}}`,
    value: processText(service),
    threshold: 'running',
    source: THRESHOLDS.process,
  };
  return isGone(service) ? supports(0.25, row) : refutes(0.1, row);
}

function listener(history: History, address: string): WeightedEvidence | undefined {
  const sockets = fresh(history.latest.sockets);
  if (!sockets || !isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  const open = sockets.listeners.find((queue) => queue.port === port);
  const row = { signal: 'sockets.LISTEN', threshold: 'a listener', source: THRESHOLDS.listener };
  return open
    ? refutes(0.15, { ...row, value: `somebody listens on port ${port}` })
    : supports(0.1, { ...row, value: `no listener on port ${port}` });
}
