import { answered, type ResolverView, resolverService } from '../../source/diagnosis/facts/dns.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { isFrozen, isGone } from '../../source/diagnosis/facts/services.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';

/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /**
   * Silence after which a slow resolver is excluded (ms): a query is watched for 10 s after its asker gave up at
   * 2 s, and what came late is told by the run that ends up to 4 s later.
   */
  silence: {
    value: 16_000,
    source: 'no answer to queries watched for 12 s: a queue would have given some',
  },
  /** The same where users' own lookups are seen to fail, so that nobody waits for certainty (ms). */
  silenceFelt: { value: 4000, source: 'our choice: two lookups in a row that nobody answered' },
  /** Runs in a row that ended in an ICMP refusal. */
  refusals: { value: 2, source: 'udp(7): ECONNREFUSED on a connected socket is ICMP port unreachable' },
  process: 'proc(5): state of /proc/PID/stat',
} as const;

/** How one resolver keeps silent. */
export interface Silence {
  readonly view: ResolverView;
  readonly service: ServiceSample | undefined;
  /** Nothing but refusals or silence in the last run of every name. */
  readonly mute: boolean;
  readonly refused: boolean;
  readonly silentMs: number;
  /** Users' requests end in the lookup of their own name. */
  readonly felt: boolean;
}

/** What is known of a resolver's silence. */
export function silenceOf(history: History, view: ResolverView): Silence {
  const steps = view.names.flatMap((name) => name.sample.steps);
  const late = view.names.some((name) => name.late.some((point) => point.at > history.now - 10_000));
  const started = earliest(...view.names.map((name) => name.failingSince));
  const quietSince = view.lastAnswerAt ?? started ?? history.now;
  const service = resolverService(history, view);
  const refused =
    steps.length > 0 && steps.every((step) => step.outcome === 'refused' || step.outcome === 'unreachable');
  // What came late a moment ago says nothing of a process that has ended since, or was frozen.
  const over = refused || (service !== undefined && (isGone(service) || isFrozen(service)));
  return {
    view,
    service,
    mute: steps.length > 0 && (over || !late) && !steps.some((step) => answered(step.outcome)),
    refused,
    silentMs: history.now - quietSince,
    felt: failing(history).some((one) => one.sample.failure?.phase === 'dns'),
  };
}

/** Whether it is silent in a way that no queue explains. */
export function isDead({ view, service, mute, refused, silentMs, felt }: Silence): boolean {
  if (!mute) return false;
  // A process that is seen to be gone or frozen needs no waiting for late answers.
  if (service && (isGone(service) || isFrozen(service))) return true;
  const runs = Math.max(...view.names.map((name) => name.failed));
  if (refused) return runs >= THRESHOLDS.refusals.value;
  const { silence, silenceFelt } = THRESHOLDS;
  const queue = view.names.some((name) => name.slow.length > 0);
  return runs >= 2 && silentMs >= (felt && !queue ? silenceFelt : silence).value;
}
