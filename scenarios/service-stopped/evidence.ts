import { gather, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { isLocal, splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { names, type TargetView } from '../../source/diagnosis/facts/http.js';
import { listenQueue } from '../../source/diagnosis/facts/listeners.js';
import { processRow } from '../../source/diagnosis/facts/rows.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';

/** Every figure that a stopped service is judged by. */
export const THRESHOLDS = {
  refusals: {
    unit: 'runs',
    value: 2,
    weight: 0.3,
    source: 'connect(2): ECONNREFUSED means nobody listens on that port; one may be a restart',
  },
  refusedLately: {
    unit: 'ms',
    value: 5000,
    source: 'our choice: refused runs follow one another every 2 s, an older one says nothing of now',
  },
  processEnded: {
    unit: '',
    weight: 0.25,
    against: 0.1,
    reads: 'running',
    source: 'wait(2): how the process ended',
  },
  listener: {
    unit: '',
    weight: 0.1,
    against: 0.15,
    reads: 'a listener',
    source: 'sock_diag(7): LISTEN sockets of this network namespace',
  },
} as const satisfies Thresholds;

/** An address at which no connection comes about. */
export interface Unreached {
  readonly history: History;
  /** `host:port`, as it is probed. */
  readonly address: string;
  /** The targets there that were refused just now. */
  readonly refused: readonly TargetView[];
  /** Who serves it, where that is known. */
  readonly service: ServiceSample | undefined;
  /** Runs in a row that were refused. */
  readonly runs: number;
}

/** What speaks for and against a stopped service, each with its figure. */
export function evidenceOf(one: Unreached): WeightedEvidence[] {
  const { history, address, service } = one;
  const ended = service && isGone(service);
  return gather(
    refusal(one),
    processRow(history, THRESHOLDS.processEnded, address, ended, 'how its process ended'),
    listener(one),
  );
}

function refusal({ refused, runs }: Unreached): WeightedEvidence | undefined {
  const [first] = refused;
  if (!first) return undefined;
  const value = `${names(refused)}: ${first.sample.failure?.text ?? 'refused'}, ${plural(first.failed, 'run')} in a row`;
  return supports(THRESHOLDS.refusals, { signal: `http.ok{${first.target}}`, reading: runs, value });
}

function listener({ history, address }: Unreached): WeightedEvidence | undefined {
  if (!fresh(history.latest.sockets) || !isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  const open = listenQueue(history, address) !== undefined;
  return weigh(!open, THRESHOLDS.listener, {
    signal: 'sockets.LISTEN',
    value: open ? `somebody listens on port ${port}` : `no listener on port ${port}`,
  });
}
