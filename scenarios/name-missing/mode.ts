import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import {
  aroundClients,
  outsideContainers,
  resolverSubject,
} from '../../source/diagnosis/facts/blast-radius.js';
import { sickAskerAmong } from '../../source/diagnosis/facts/context.js';
import {
  DENIALS,
  type DeniedName,
  denialOf,
  deniedNames,
  isMissedName,
} from '../../source/diagnosis/facts/denied-names.js';
import { everyResolver, type NameView, resolvers } from '../../source/diagnosis/facts/dns.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { byAddress, failing, failingBy, type TargetView } from '../../source/diagnosis/facts/http.js';
import { lostSuffix } from '../../source/diagnosis/facts/lines-not-taken.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { namePlace, placeOf, placeOfSubject } from '../../source/diagnosis/places.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

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
    const denied = deniedNames(history);
    return denied.map((one) => candidate(history, one, isMissedName(history, one, denied)));
  },
  clears: (history) =>
    everyResolver(history, ({ names }) => {
      const [first] = names;
      if (first && names.every(({ sample }) => sample.resolved))
        return `${first.name} resolves in ${duration(first.sample.totalMs)}`;
      const late = names.flatMap(({ sample }) => sample.late).find(({ outcome }) => outcome === 'NOERROR');
      const denied = names.some(({ sample }) => sample.steps.some(({ outcome }) => outcome === 'NXDOMAIN'));
      return late && !denied ? `the name exists: its address came after ${duration(late.ms)}` : undefined;
    }),
});

function candidate(history: History, denied: DeniedName, isMissed: boolean): Candidate {
  const { name, resolver, view, by } = denied;
  const clients = by.map(({ client }) => client);
  const lost = name.endsWith('.') ? undefined : gather(...by.map(lostSuffix))[0];
  return {
    subject: { kind: 'name', id: name },
    target: `${sickAskerAmong(history, clients)?.label ?? clients[0] ?? 'this host'} → name ${name}`,
    raise: isMissed,
    samples: view.failed,
    title: lost
      ? `Name ${name} does not exist: ${lost.which} is not read as it was meant`
      : `Name ${name} does not exist`,
    severity: failing(history).length > 0 ? 'critical' : 'warning',
    evidence: evidenceOf(history, denied),
    ruledOut: healthyResolver(denied),
    fix: [...(lost ? [lost.fix] : []), ...fixes(history, name, resolver)],
    explanation: [...(lost ? [lost.text] : []), ...explanation(history, denied)],
    since: view.failingSince,
    radius: [
      namePlace(name),
      ...by.map((one) => placeOfSubject(resolverSubject(one))),
      ...aroundClients(history, clients),
    ],
  };
}

/** What speaks for and against a missing name, each with its figure. */
const evidenceOf = (history: History, denied: DeniedName): WeightedEvidence[] =>
  gather(
    answer(denied),
    wasValid(history, denied.view),
    failingRow(history, THRESHOLDS.failingTarget, ':'),
    logs(history),
  );

function answer({ view, resolver }: DeniedName): WeightedEvidence | undefined {
  const { sample, name, failed } = view;
  const said = denialOf(view);
  const step = said ?? sample.late.find(({ outcome }) => DENIALS.includes(outcome));
  if (!step) return undefined;
  const { quickDenial, lateDenial, healthyResolver } = THRESHOLDS;
  return supports(said && said.ms < healthyResolver.value ? quickDenial : lateDenial, {
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

function logs(history: History): WeightedEvidence | undefined {
  const [gone] = logged(history, 'name-resolution-missing');
  const match = gone ?? logged(history, 'name-resolution-temporary')[0];
  return match && weigh(gone !== undefined, THRESHOLDS.logged, logRow(match, 'none'));
}

function healthyResolver({ view, resolver }: DeniedName): Rival[] {
  const step = denialOf(view);
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
  const { host, port } = splitAddress(resolver);
  const server = Number.isInteger(port) ? `@${host.replace(/^\[|\]$/g, '')} -p ${port} ` : '';
  const containers = fresh(history.latest.services)?.services.some((one) => one.container);
  return [
    now(
      'restore its record, or start the container that bears the name',
      `dig ${server}${name} A${containers ? `; docker ps -a --filter name=${name.split('.')[0]}` : ''}`,
    ),
    later('watch the names the application needs, not only its processes'),
    later('add new records before old ones go; keep the negative TTL short'),
  ];
}

function explanation(history: History, { view, resolver }: DeniedName): string[] {
  const step = denialOf(view);
  const [log] = logged(history, 'name-resolution-missing');
  const { failingSince } = view;
  return gather(
    step && `${resolver} is well: it says ${step.outcome} in ${duration(step.ms)}, there is no such name`,
    log && `${log.service} logs: ${log.lastLine.slice(0, 100)}`,
    failingSince !== null && `missing for ${duration(history.now - failingSince)}`,
  );
}
