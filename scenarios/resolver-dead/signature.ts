import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { restartFix, type SickApp, sickApp } from '../../source/diagnosis/facts/context.js';
import { answered, type ResolverView, resolvers, settled } from '../../source/diagnosis/facts/dns.js';
import { failing, names } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { isFrozen, isGone, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { duration, plural } from '../../source/diagnosis/facts/text.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';

const THRESHOLDS = {
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

/** A resolver that gives no answer at all, not even a late one. */
export const signature: Signature = {
  id: 'resolver-dead',
  forMs: 2000,
  keepMs: 6000,
  explains: ['traffic-spike', 'service-hung', 'name-missing', 'http-errors', 'close-wait-leak'],
  assess,
};

interface Silence {
  readonly view: ResolverView;
  readonly service: ServiceSample | undefined;
  /** Nothing but refusals or silence in the last run of every name. */
  readonly mute: boolean;
  readonly refused: boolean;
  readonly silentMs: number;
  /** Users' requests end in the lookup of their own name. */
  readonly felt: boolean;
}

function assess(history: History): Assessment | undefined {
  const silences = resolvers(history).map((view) => silenceOf(history, view));
  const silence = silences.find((one) => isDead(one)) ?? silences.find((one) => one.mute) ?? silences[0];
  if (!silence) return undefined;
  const { view } = silence;
  const app = sickApp(history);
  return {
    target: `${app?.label ?? 'lookups'} → resolver ${view.resolver}`,
    raise: isDead(silence),
    clear: view.names.every((name) => settled(history, name.name)) || answersSomething(view),
    title: titleOf(silence),
    severity: 'critical',
    base: 0.35,
    evidence: evidenceOf(history, silence),
    ruledOut: [
      ...(silence.mute ? notSaturated(silence) : []),
      ...ruledOut(history, ['database-down', 'database-connections', 'service-stopped', 'service-hung']),
      ...(silence.mute ? [notMissing] : []),
    ],
    fix: fixes(silence),
    story: story(silence, app),
    since: earliest(...view.names.map((name) => name.failingSince)),
  };
}

function silenceOf(history: History, view: ResolverView): Silence {
  const steps = view.names.flatMap((name) => name.sample.steps);
  const late = view.names.some((name) => name.late.some((point) => point.at > history.now - 10_000));
  const started = earliest(...view.names.map((name) => name.failingSince));
  const quietSince = view.lastAnswerAt ?? started ?? history.now;
  return {
    view,
    service: serviceAt(history, view.resolver, 'udp'),
    mute: steps.length > 0 && !late && !steps.some((step) => answered(step.outcome)),
    refused:
      steps.length > 0 && steps.every((step) => step.outcome === 'refused' || step.outcome === 'unreachable'),
    silentMs: history.now - quietSince,
    felt: failing(history).some((one) => one.sample.failure?.phase === 'dns'),
  };
}

function isDead({ view, service, mute, refused, silentMs, felt }: Silence): boolean {
  if (!mute) return false;
  // A process that is seen to be gone or frozen needs no waiting for late answers.
  if (service && (isGone(service) || isFrozen(service))) return true;
  const runs = Math.max(...view.names.map((name) => name.failed));
  if (refused) return runs >= THRESHOLDS.refusals.value;
  const { silence, silenceFelt } = THRESHOLDS;
  const queue = view.names.some((name) => name.slow.length > 0);
  return runs >= 2 && silentMs >= (felt && !queue ? silenceFelt : silence).value;
}

/** An answer of any kind is a sign of life. */
const answersSomething = (view: ResolverView): boolean =>
  view.names.every((name) => name.sample.steps.some((step) => answered(step.outcome)));

function titleOf({ service, refused }: Silence): string {
  if (service && isFrozen(service)) return 'The resolver is frozen: its process is stopped by a signal';
  if (service && isGone(service)) return 'The resolver is dead: its process has exited';
  return refused
    ? 'The resolver is dead: nothing listens at its address'
    : 'The resolver does not answer at all';
}

function evidenceOf(history: History, silence: Silence): WeightedEvidence[] {
  return gather(lookups(silence), process(silence), http(history), logs(history));
}

function lookups({ view, mute, refused, silentMs }: Silence): WeightedEvidence | undefined {
  const first = view.names[0];
  if (!first) return undefined;
  const signal = `dns.ok{${first.name}}`;
  const runs = plural(first.failed, 'run');
  if (!mute) {
    const step = first.sample.steps.find((one) => answered(one.outcome));
    const value = step ? `${step.outcome} in ${duration(step.ms)}` : 'late answers still come';
    return refutes(0.4, { signal, value, threshold: 'no answer at all', source: THRESHOLDS.silence.source });
  }
  if (refused) {
    const value = `${first.name}: refused by ICMP, ${runs} in a row`;
    const threshold = `${THRESHOLDS.refusals.value} runs`;
    return supports(0.35, { signal, value, threshold, source: THRESHOLDS.refusals.source });
  }
  const value = `${first.name}: no answer for ${duration(silentMs)}, no late one either`;
  const { value: limit, source } = THRESHOLDS.silence;
  return supports(silentMs >= limit ? 0.3 : 0.15, { signal, value, threshold: duration(limit), source });
}

function process({ view, service }: Silence): WeightedEvidence {
  if (!service)
    return missing(
      'service.up',
      `no process seen behind ${view.resolver}`,
      'whether the resolver process runs',
    );
  const row = {
    signal: `service.up{${service.name}}`,
    value: processText(service),
    threshold: 'running',
    source: THRESHOLDS.process,
  };
  return isGone(service) || isFrozen(service) ? supports(0.2, row) : refutes(0.05, row);
}

function http(history: History): WeightedEvidence | undefined {
  const views = failing(history);
  const first = views[0];
  if (!first) return undefined;
  const value = `${names(views)}: ${first.sample.failure?.text ?? `status ${first.sample.status}`}`;
  const source = 'Container Networking Exhaustion document: HTTP 000 while the process runs';
  return supports(0.05, { signal: 'http.success', value, threshold: 'every target answers', source });
}

function logs(history: History): WeightedEvidence | undefined {
  const match = logged(history, 'name-resolution-temporary')[0];
  if (!match) return undefined;
  const value = `${plural(match.recent, 'line')} in 10 s: ${match.lastLine.slice(0, 120)}`;
  const source = 'EAI_AGAIN, ETIMEOUT and ECONNREFUSED mean no answer; NXDOMAIN would be ENOTFOUND';
  return supports(0.04, { signal: `logs.${match.kind}{${match.service}}`, value, threshold: 'none', source });
}

function notSaturated({ view, refused, silentMs, service }: Silence): Assessment['ruledOut'] {
  const because = refused
    ? `nothing listens at ${view.resolver}: refused, not queued`
    : service && isFrozen(service)
      ? 'its process is frozen: it serves nobody'
      : `no late answer in ${duration(silentMs)}: a queue would give some`;
  return [{ id: 'traffic-spike', title: 'a saturated resolver', because }];
}

const notMissing = {
  id: 'name-missing',
  title: 'a missing name',
  because: 'nobody said NXDOMAIN: there is no answer of any kind',
} as const;

function fixes({ view, service }: Silence): Assessment['fix'] {
  const frozen = service && isFrozen(service);
  const text = frozen
    ? `restart ${service.name}, or let it go on`
    : `start ${service?.name ?? `the resolver at ${view.resolver}`} again`;
  const now = restartFix(service, view.resolver, text);
  return [
    frozen && service.pid !== null ? { ...now, command: `kill -CONT ${service.pid}` } : now,
    { when: 'later', text: 'a second nameserver in resolv.conf, with a short timeout' },
    { when: 'later', text: 'cache answers near the application, and serve stale ones (RFC 8767)' },
    {
      when: 'later',
      text: 'connection pool: a running application needs no lookup for each request',
      action: { name: 'harden', argument: 'pool' },
    },
  ];
}

function story({ view, service, refused, silentMs }: Silence, app: SickApp | undefined): string[] {
  const lines = [
    refused
      ? `${view.resolver} refuses every query: nobody listens there`
      : `${view.resolver} has given no answer for ${duration(silentMs)}, not even a late one`,
  ];
  if (service) lines.push(`${service.name}: ${processText(service)}`);
  if (app) {
    const users = app.view.sample.status === null ? 'timeouts' : `errors (${app.view.sample.status})`;
    lines.push(`${app.label} needs a name that nobody gives: its users see ${users}`);
  }
  return lines;
}
