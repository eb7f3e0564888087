import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { sickApp } from '../../source/diagnosis/facts/context.js';
import { type NameView, type ResolverView, resolvers } from '../../source/diagnosis/facts/dns.js';
import { failing, failingBy, names, type TargetView } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { duration, plural } from '../../source/diagnosis/facts/text.js';
import { earliest, known } from '../../source/diagnosis/facts/values.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { DnsOutcome } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';

const THRESHOLDS = {
  /** Runs in a row that must say so: a zone is swapped within one. */
  runs: { value: 2, source: 'RFC 1035 4.1.1: RCODE 3, the name does not exist; RFC 2308: NODATA' },
  /** A resolver that says no at once is healthy (ms). */
  fast: { value: 1000, source: 'awesome-prometheus-alerts: a probe slower than 1 s' },
  valid: "Coroot DnsNxdomainErrors: 'for previously valid requests'",
} as const;

/** What says that a name does not exist, as against that nobody knows. */
const NEGATIVE: readonly DnsOutcome[] = ['NXDOMAIN', 'NODATA'];

/** The resolver is well and says that the name does not exist. */
export const signature: Signature = {
  id: 'name-missing',
  forMs: 2000,
  keepMs: 5000,
  explains: ['traffic-spike', 'http-errors', 'service-hung', 'close-wait-leak'],
  assess,
};

interface Suspect {
  readonly resolver: string;
  readonly view: NameView;
}

function assess(history: History): Assessment | undefined {
  const all = resolvers(history).flatMap((view) =>
    view.names.map((name): Suspect => ({ resolver: view.resolver, view: name })),
  );
  const nameless = failingBy(history, 'no-name');
  const suspect = all.find((one) => isDenied(one.view) && matters(history, one.view)) ?? all[0];
  if (suspect) return assessName(history, suspect, resolvers(history));
  return nameless[0] ? assessTarget(history, nameless) : undefined;
}

function assessName(
  history: History,
  { resolver, view }: Suspect,
  views: readonly ResolverView[],
): Assessment {
  const denied = isDenied(view);
  const app = sickApp(history);
  return {
    target: `${app?.label ?? 'lookups'} → name ${view.name}`,
    raise: denied && matters(history, view) && view.failed >= THRESHOLDS.runs.value,
    clear: !denied,
    title: `The name ${view.name} does not exist`,
    severity: failing(history).length > 0 || views.length === 0 ? 'critical' : 'warning',
    base: 0.4,
    evidence: gather(answer(view, resolver), wasValid(history, view), http(history), logs(history)),
    ruledOut: [
      ...healthyResolver(view, resolver),
      ...ruledOut(history, ['database-down', 'database-connections', 'service-stopped', 'service-hung']),
    ],
    fix: fixes(view.name, resolver),
    story: story(history, view, resolver),
    since: view.failingSince,
  };
}

/** Every step, in time or late, says that there is no such name, and no step was left without an answer. */
function isDenied({ sample }: NameView): boolean {
  if (sample.resolved) return false;
  const said = [...sample.steps, ...sample.late].map((step) => step.outcome);
  const inTime = sample.steps.filter((step) => step.outcome !== 'timeout').map((step) => step.outcome);
  if (inTime.length === 0)
    return sample.late.length > 0 && sample.late.every((step) => step.outcome === 'NXDOMAIN');
  return (
    said.some((outcome) => outcome === 'NXDOMAIN') || inTime.every((outcome) => NEGATIVE.includes(outcome))
  );
}

/** A name that never was and that nobody misses is no failure: it was valid before, or somebody suffers. */
const matters = (history: History, view: NameView): boolean =>
  known(history, `dns.ok{${view.name}}`, 600_000).some((point) => point.value === 1) ||
  failing(history).length > 0 ||
  logged(history, 'name-resolution-missing').length > 0;

function answer({ sample, name, failed }: NameView, resolver: string): WeightedEvidence | undefined {
  const said = sample.steps.find((step) => NEGATIVE.includes(step.outcome));
  const late = sample.late.find((step) => NEGATIVE.includes(step.outcome));
  const step = said ?? late;
  if (!step) return undefined;
  const value = `${step.qname} ${step.qtype}: ${step.outcome} in ${duration(step.ms)} from ${resolver}, ${plural(failed, 'run')} in a row`;
  const row = { signal: `dns.ok{${name}}`, value, threshold: 'an address', source: THRESHOLDS.runs.source };
  return supports(said && said.ms < THRESHOLDS.fast.value ? 0.3 : 0.15, row);
}

function wasValid(history: History, view: NameView): WeightedEvidence | undefined {
  const good = known(history, `dns.ok{${view.name}}`, 600_000)
    .filter((point) => point.value === 1)
    .at(-1);
  if (!good)
    return missing(
      `dns.ok{${view.name}}`,
      'it never resolved while watched',
      'that the name was valid before',
    );
  const value = `it resolved ${duration(history.now - good.at)} ago`;
  return supports(0.15, {
    signal: `dns.ok{${view.name}}`,
    value,
    threshold: 'valid before',
    source: THRESHOLDS.valid,
  });
}

function http(history: History): WeightedEvidence | undefined {
  const views = failing(history);
  const first = views[0];
  if (!first) return undefined;
  const value = `${names(views)}: ${first.sample.failure?.text ?? `status ${first.sample.status}`}`;
  const source = 'Container Networking Exhaustion document: error rate above 95 %';
  return supports(0.05, { signal: 'http.success', value, threshold: 'every target answers', source });
}

function logs(history: History): WeightedEvidence | undefined {
  const gone = logged(history, 'name-resolution-missing')[0];
  const temporary = logged(history, 'name-resolution-temporary')[0];
  const match = gone ?? temporary;
  if (!match) return undefined;
  const row = {
    signal: `logs.${match.kind}{${match.service}}`,
    value: `${plural(match.recent, 'line')} in 10 s: ${match.lastLine.slice(0, 120)}`,
    threshold: 'none',
    source: 'getaddrinfo(3): EAI_NONAME, ENOTFOUND; EAI_AGAIN would be a resolver that does not answer',
  };
  return gone ? supports(0.08, row) : refutes(0.05, row);
}

function healthyResolver({ sample }: NameView, resolver: string): Assessment['ruledOut'] {
  const step = sample.steps.find((one) => NEGATIVE.includes(one.outcome));
  if (!step) return [];
  const quick = `${resolver} answers in ${duration(step.ms)}`;
  const dead = { id: 'resolver-dead', title: 'a dead resolver', because: `${quick}: it is alive` };
  if (step.ms >= THRESHOLDS.fast.value || sample.late.length > 0) return [dead];
  return [dead, { id: 'traffic-spike', title: 'a saturated resolver', because: `${quick}, none is late` }];
}

/** Where no lookup is watched, an HTTP target that has no address tells as much. */
function assessTarget(history: History, views: readonly TargetView[]): Assessment {
  const first = views[0] as TargetView;
  const host = first.address.slice(0, first.address.lastIndexOf(':'));
  return {
    target: `${first.target} → name ${host}`,
    raise: first.failed >= THRESHOLDS.runs.value,
    clear: false,
    title: `The name ${host} cannot be resolved`,
    severity: 'critical',
    base: 0.35,
    evidence: gather(
      supports(0.2, {
        signal: `http.ok{${first.target}}`,
        value: first.sample.failure?.text ?? 'no name',
        threshold: 'an address',
        source: THRESHOLDS.runs.source,
      }),
      missing('dns.ok', 'lookups are not watched here', 'which resolver says so'),
    ),
    ruledOut: ruledOut(history, ['database-down', 'database-connections']),
    fix: fixes(host, 'the resolver'),
    story: [`${first.target}: ${first.sample.failure?.text ?? 'the name was not found'}`],
    since: first.failingSince,
  };
}

function fixes(name: string, resolver: string): Assessment['fix'] {
  const [host, port] = resolver.split(':');
  const server = port ? `@${host} -p ${port} ` : '';
  return [
    {
      when: 'now',
      text: `bring ${name} back: start the container that bears the name, or restore its record`,
      command: `dig ${server}${name} A; docker ps -a --filter name=${name.split('.')[0]}`,
    },
    { when: 'later', text: 'watch the names that the application needs, not only its processes' },
    {
      when: 'later',
      text: 'change records add-first, remove-later; keep the negative TTL (SOA minimum) short',
    },
  ];
}

function story(history: History, view: NameView, resolver: string): string[] {
  const step = view.sample.steps.find((one) => NEGATIVE.includes(one.outcome));
  const lines: string[] = [];
  if (step)
    lines.push(
      `${resolver} is well and answers in ${duration(step.ms)}: ${step.outcome}, there is no ${view.name}`,
    );
  const log = logged(history, 'name-resolution-missing')[0];
  if (log) lines.push(`${log.service} logs it as such: ${log.lastLine.slice(0, 100)}`);
  const since = earliest(view.failingSince);
  if (since !== null) lines.push(`missing for ${duration(history.now - since)}`);
  return lines;
}
