import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { isLocal, splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { names, type TargetView } from '../../source/diagnosis/facts/http.js';
import { isGone, processText } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Thresholds } from '../../source/diagnosis/mode.js';
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
    unit: 'listeners',
    weight: 0.1,
    against: 0.15,
    reads: 'a listener',
    source: 'sock_diag(7): LISTEN sockets of this network namespace',
  },
} as const satisfies Thresholds;

/** An address that refuses connections. */
export interface Refusing {
  readonly history: History;
  /** `host:port`, as it is probed. */
  readonly address: string;
  /** The targets there that were refused. */
  readonly views: readonly [TargetView, ...TargetView[]];
  /** Who serves it, where that is known. */
  readonly service: ServiceSample | undefined;
  /** Runs in a row that were refused. */
  readonly runs: number;
}

/** What speaks for and against a stopped service, each with its figure. */
export const evidenceOf = (refusing: Refusing): WeightedEvidence[] =>
  gather(refusal(refusing), process(refusing), listener(refusing));

function refusal({ views, runs }: Refusing): WeightedEvidence {
  const [first] = views;
  const value = `${names(views)}: ${first.sample.failure?.text ?? 'refused'}, ${plural(first.failed, 'run')} in a row`;
  return supports(THRESHOLDS.refusals, { signal: `http.ok{${first.target}}`, reading: runs, value });
}

function process({ history, address, service }: Refusing): WeightedEvidence {
  if (!service) {
    const why = history.latest.services
      ? `no service known behind ${address}`
      : 'processes are not watched here';
    return missing('service.up', why, 'how its process ended');
  }
  const row = { signal: `service.up{${service.name}}`, value: processText(service) };
  return (isGone(service) ? supports : refutes)(THRESHOLDS.processEnded, row);
}

function listener({ history, address }: Refusing): WeightedEvidence | undefined {
  const sockets = fresh(history.latest.sockets);
  if (!sockets || !isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  const open = sockets.listeners.filter((queue) => queue.port === port).length;
  const value = open > 0 ? `somebody listens on port ${port}` : `no listener on port ${port}`;
  return (open > 0 ? refutes : supports)(THRESHOLDS.listener, {
    signal: 'sockets.LISTEN',
    reading: open,
    value,
  });
}
