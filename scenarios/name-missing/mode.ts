import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { sickAskerAmong } from '../../source/diagnosis/facts/context.js';
import { type DeniedName, deniedNames, givenText } from '../../source/diagnosis/facts/denied-names.js';
import { everyResolver, type NameView, resolvers } from '../../source/diagnosis/facts/dns.js';
import { loggedOfNames } from '../../source/diagnosis/facts/failing-askers.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { byAddress, failingBy, type TargetView } from '../../source/diagnosis/facts/http.js';
import { recordFix } from '../../source/diagnosis/facts/resolver-fixes.js';
import { failingRow, lookupLogsRow } from '../../source/diagnosis/facts/rows.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { namePlace, placeOf } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { failingTargets, QUICK_ANSWER } from '../common-thresholds.js';

const RCODE = 'RFC 1035 4.1.1: RCODE 3, the name does not exist; RFC 2308: NODATA';

/** Every figure that a missing name is judged by. */
const THRESHOLDS = {
  /** A zone is swapped within one. */
  deniedRuns: { unit: 'runs', value: 2, source: RCODE },
  /** A resolver that says no at once is healthy. */
  quickDenial: { unit: 'ms', weight: 0.3, reads: 'an address', source: RCODE },
  /** One that says no late, or after others, says less. */
  lateDenial: { unit: 'ms', weight: 0.15, reads: 'an address', source: RCODE },
  healthyResolver: QUICK_ANSWER,
  validBefore: {
    unit: 'ms',
    weight: 0.15,
    reads: 'valid before',
    source: "Coroot DnsNxdomainErrors: 'for previously valid requests'",
  },
  failingTarget: failingTargets(0.05),
  logged: {
    unit: 'lines',
    weight: 0.08,
    against: 0.05,
    reads: 'none',
    source: 'getaddrinfo(3): EAI_NONAME, ENOTFOUND; EAI_AGAIN would be a resolver that does not answer',
  },
  /** Where no lookup is watched: what a target says of its own name. */
  targetWithoutName: { unit: 'runs', weight: 0.2, reads: 'an address', source: RCODE },
  targetBase: { unit: 'share', value: 0.35, source: 'our choice: nobody says which resolver denies it' },
} as const satisfies Thresholds;

/** The resolver is well and says that the name does not exist. */
export const mode = defineMode({
  id: 'name-missing',
  called: 'a missing name',
  scope: 'name',
  inputs: [['dns', 'lookups', 'http']],
  forMs: 2000,
  keepMs: 5000,
  minSamples: THRESHOLDS.deniedRuns.value,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['resolver-saturation', 'http-errors', 'service-hung', 'close-wait-leak'],
  rivals: ['database-down', 'database-connections', 'service-stopped', 'service-hung'],
  detect(history) {
    if (resolvers(history).length === 0) return namelessTargets(history);
    return deniedNames(history).map((one) => candidate(history, one));
  },
  clears: (history) => everyResolver(history, givenText),
});

function candidate(history: History, denied: DeniedName): Candidate {
  const { name, resolver, view, clients, lost, isMissed, isWanted, sufferers, radius } = denied;
  return {
    subject: { kind: 'name', id: name },
    target: `${sickAskerAmong(history, clients)?.label ?? clients[0] ?? 'this host'} → name ${name}`,
    raise: isMissed || isWanted,
    samples: view.failed,
    title: lost
      ? `Name ${name} does not exist: ${lost.which} is not read as it was meant`
      : `Name ${name} does not exist`,
    severity: !isMissed ? 'notice' : sufferers.length > 0 ? 'critical' : 'warning',
    evidence: evidenceOf(history, denied),
    ruledOut: healthyResolver(denied),
    fix: [...(lost ? [lost.fix] : []), ...fixes(history, name, resolver)],
    explanation: [...(lost ? [lost.text] : []), ...explanation(history, denied)],
    since: view.failingSince,
    radius,
  };
}

/** What speaks for and against a missing name, each with its figure. */
const evidenceOf = (history: History, denied: DeniedName): WeightedEvidence[] =>
  gather(
    answer(denied),
    wasValid(history, denied.view),
    failingRow(denied.sufferers, THRESHOLDS.failingTarget, ':'),
    lookupLogsRow(history, THRESHOLDS.logged, denied.clients, 'name-resolution-missing'),
  );

function answer({ view, resolver, inTime, denial: step }: DeniedName): WeightedEvidence | undefined {
  const { name, failed } = view;
  if (!step) return undefined;
  const { quickDenial, lateDenial, healthyResolver } = THRESHOLDS;
  return supports(inTime && inTime.ms < healthyResolver.value ? quickDenial : lateDenial, {
    signal: `dns.ok{${name}}`,
    reading: step.ms,
    value: `${step.qname} ${step.qtype}: ${step.outcome} in ${duration(step.ms)} from ${resolver}, ${plural(failed, 'run')} in a row`,
  });
}

function wasValid(history: History, { name, ok }: NameView): WeightedEvidence {
  const signal = `dns.ok{${name}}`;
  const good = ok.findLast((point) => point.value === 1);
  if (!good) return missing(signal, 'it never resolved while watched', 'that the name was valid before');
  const ms = history.now - good.at;
  return supports(THRESHOLDS.validBefore, { signal, reading: ms, value: `it resolved ${duration(ms)} ago` });
}

function healthyResolver({ view, resolver, inTime: step }: DeniedName): Rival[] {
  if (!step) return [];
  const quick = `${resolver} answers in ${duration(step.ms)}`;
  const dead = { id: 'resolver-dead', because: `${quick}: it is alive` };
  if (step.ms >= THRESHOLDS.healthyResolver.value || view.sample.late.length > 0) return [dead];
  return [dead, { id: 'resolver-saturation', because: `${quick}, none is late` }];
}

/** Where no lookup is watched, HTTP targets that have no address tell as much: each host name once. */
const namelessTargets = (history: History): Candidate[] =>
  [...byAddress(failingBy(history, 'no-name'))].flatMap(([address, [first]]) =>
    first ? [withoutName(history, address, first)] : [],
  );

function withoutName(history: History, address: string, view: TargetView): Candidate {
  const { host } = splitAddress(address);
  const said = view.sample.failure?.text;
  return {
    subject: { kind: 'name', id: host },
    target: `${view.target} → name ${host}`,
    raise: true,
    samples: view.failed,
    title: `Name ${host} cannot be resolved`,
    severity: 'critical',
    base: THRESHOLDS.targetBase.value,
    evidence: gather(
      supports(THRESHOLDS.targetWithoutName, {
        signal: `http.ok{${view.target}}`,
        reading: view.failed,
        value: said ?? 'no name',
      }),
      missing('dns.ok', 'lookups are not watched here', 'which resolver says so'),
    ),
    fix: fixes(history, host, 'the resolver'),
    explanation: [`${view.target}: ${said ?? 'the name was not found'}`],
    since: view.failingSince,
    radius: [namePlace(host), placeOf(address), ...outsideContainers(history)],
  };
}

function fixes(history: History, name: string, resolver: string): Fix[] {
  return [
    recordFix(history, name, resolver),
    later('watch the names the application needs, not only its processes'),
    later('add new records before old ones go; keep the negative TTL short'),
  ];
}

function explanation(history: History, { view, clients, resolver, inTime: step }: DeniedName): string[] {
  const [log] = loggedOfNames(history, clients, 'name-resolution-missing');
  const { failingSince } = view;
  return gather(
    step && `${resolver} is well: it says ${step.outcome} in ${duration(step.ms)}, there is no such name`,
    log && `${log.service} logs: ${log.lastLine.slice(0, 100)}`,
    failingSince !== null && `missing for ${duration(history.now - failingSince)}`,
  );
}
