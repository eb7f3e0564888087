import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { sickApp } from '../../source/diagnosis/facts/context.js';
import {
  type NameView,
  nameGivenElsewhere,
  type ResolverView,
  resolvers,
} from '../../source/diagnosis/facts/dns.js';
import { failing, failingBy, type TargetView } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { earliest, fresh } from '../../source/diagnosis/facts/values.js';
import { gather, missing, supports } from '../../source/diagnosis/old-evidence.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf, NEGATIVE, THRESHOLDS } from './evidence.js';

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
  /**
   * A nameserver that is asked before gives the name: then nobody hears of a denial (resolv.conf(5)). Or another
   * asker is given it.
   */
  readonly given: boolean;
}

function assess(history: History): Assessment | undefined {
  const views = resolvers(history);
  const all = views.flatMap(({ asker, resolver, names }, place) =>
    names.map(
      (view): Suspect => ({
        resolver,
        view,
        // A name that somebody else is given exists: what denies it here stands in the way.
        given:
          given(view, asker, views.slice(0, place)) || nameGivenElsewhere(view, asker, views) !== undefined,
      }),
    ),
  );
  const nameless = failingBy(history, 'no-name');
  const suspect = all.find((one) => isDenied(one.view) && !one.given && matters(history, one.view)) ?? all[0];
  if (suspect) return assessName(history, suspect);
  return nameless[0] ? assessTarget(history, nameless) : undefined;
}

function assessName(history: History, { resolver, view, given }: Suspect): Assessment {
  const denied = isDenied(view) && !given;
  const app = sickApp(history);
  return {
    target: `${app?.label ?? 'lookups'} → name ${view.name}`,
    raise: denied && matters(history, view) && view.failed >= THRESHOLDS.runs.value,
    clear: !denied,
    title: `The name ${view.name} does not exist`,
    severity: failing(history).length > 0 ? 'critical' : 'warning',
    base: 0.4,
    evidence: evidenceOf(history, view, resolver),
    ruledOut: [
      ...healthyResolver(view, resolver),
      ...ruledOut(history, ['database-down', 'database-connections', 'service-stopped', 'service-hung']),
    ],
    fix: fixes(history, view.name, resolver),
    story: story(history, view, resolver),
    since: view.failingSince,
  };
}

const given = (view: NameView, asker: string | null, earlier: readonly ResolverView[]): boolean =>
  earlier.some(
    (other) =>
      other.asker === asker && other.names.some((one) => one.name === view.name && one.sample.resolved),
  );

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
  view.ok.some((point) => point.value === 1) ||
  failing(history).length > 0 ||
  logged(history, 'name-resolution-missing').length > 0;

function healthyResolver({ sample }: NameView, resolver: string): Assessment['ruledOut'] {
  const step = sample.steps.find((one) => NEGATIVE.includes(one.outcome));
  if (!step) return [];
  const quick = `${resolver} answers in ${duration(step.ms)}`;
  const dead = { id: 'resolver-dead', title: 'a dead resolver', because: `${quick}: it is alive` };
  if (step.ms >= THRESHOLDS.fast.value || sample.late.length > 0) return [dead];
  return [dead, { id: 'traffic-spike', title: 'a slow resolver', because: `${quick}, none is late` }];
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
    fix: fixes(history, host, 'the resolver'),
    story: [`${first.target}: ${first.sample.failure?.text ?? 'the name was not found'}`],
    since: first.failingSince,
  };
}

function fixes(history: History, name: string, resolver: string): Assessment['fix'] {
  const { host, port } = splitAddress(resolver);
  const server = Number.isInteger(port) ? `@${host.replace(/^\[|\]$/g, '')} -p ${port} ` : '';
  const containers = fresh(history.latest.services)?.services.some((one) => one.container);
  return [
    {
      when: 'now',
      text: 'restore its record, or start the container that bears the name',
      command: `dig ${server}${name} A${containers ? `; docker ps -a --filter name=${name.split('.')[0]}` : ''}`,
    },
    { when: 'later', text: 'watch the names the application needs, not only its processes' },
    {
      when: 'later',
      text: 'add new records before old ones go; keep the negative TTL short',
    },
  ];
}

function story(history: History, view: NameView, resolver: string): string[] {
  const step = view.sample.steps.find((one) => NEGATIVE.includes(one.outcome));
  const lines: string[] = [];
  if (step)
    lines.push(`${resolver} is well: it says ${step.outcome} in ${duration(step.ms)}, there is no such name`);
  const log = logged(history, 'name-resolution-missing')[0];
  if (log) lines.push(`${log.service} logs: ${log.lastLine.slice(0, 100)}`);
  const since = earliest(view.failingSince);
  if (since !== null) lines.push(`missing for ${duration(history.now - since)}`);
  return lines;
}
