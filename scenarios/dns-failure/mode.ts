import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { digAt } from '../../source/diagnosis/facts/addresses.js';
import { aroundClients, aroundResolver, lookupsOf } from '../../source/diagnosis/facts/blast-radius.js';
import { resolvers, wasAnswered } from '../../source/diagnosis/facts/dns.js';
import {
  type DnsTrouble,
  dnsTroubles,
  givenToOthers,
  isStillFailing,
} from '../../source/diagnosis/facts/dns-troubles.js';
import { failingForNames } from '../../source/diagnosis/facts/failing-askers.js';
import { type FailingClient, lookupFailure } from '../../source/diagnosis/facts/failing-clients.js';
import { FEWER_LOOKUPS, later, now } from '../../source/diagnosis/facts/fixes.js';
import { halfAnswers } from '../../source/diagnosis/facts/half-answers.js';
import { libcSays } from '../../source/diagnosis/facts/libc.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import { serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { inPart } from './in-part.js';
import { THRESHOLDS } from './thresholds.js';

/** All lookups of some client fail alike while somebody else is given the same names, or a resolver fails everybody. */
export const mode = defineMode({
  id: 'dns-failure',
  called: 'DNS',
  scope: 'workload',
  inputs: [['dns', 'lookups']],
  forMs: 2000,
  keepMs: 6000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: [
    ...['http-errors', 'service-hung', 'name-missing', 'resolver-dead', 'resolver-saturation'],
    ...['close-wait-leak', 'listen-overflow'],
  ],
  rivals: ['database-down', 'database-connections', 'service-stopped'],
  detect: (history) => [
    ...dnsTroubles(history, THRESHOLDS).map((one) => candidate(history, one)),
    ...halfAnswers(history).map((one) => inPart(history, one)),
  ],
  persists: (history, subject) => isStillFailing(history, subject, THRESHOLDS),
  clears(history) {
    const views = resolvers(history);
    const asked = views.flatMap(({ names }) => names.map(({ sample }) => sample));
    const isWell = (sample: (typeof asked)[number]): boolean =>
      lookupFailure(sample) === undefined && sample.steps.every(wasAnswered);
    if (asked.length === 0 || !asked.every(isWell)) return undefined;
    return `lookups through ${plural(views.length, 'resolver')} are answered`;
  },
});

/** How the form reads in a title. */
const FORM_TEXT: Readonly<Record<DnsTrouble['form'], string>> = {
  NXDOMAIN: 'every name is said not to exist (NXDOMAIN)',
  SERVFAIL: 'every lookup is answered with SERVFAIL',
  REFUSED: 'every lookup is refused by the server',
  silence: 'no lookup is answered',
  closed: 'nobody listens where it asks',
  'no way': 'no question gets out',
  temporary: 'lookups fail',
};

function candidate(history: History, trouble: DnsTrouble): Candidate {
  const { form, control, clients, view } = trouble;
  const who = whoOf(history, trouble);
  const resolver = view?.resolver ?? control?.resolver ?? 'its resolver';
  return {
    subject: trouble.subject,
    target: `${who} → resolver ${resolver}`,
    raise: trouble.sure,
    title: control
      ? `DNS fails ${whereText(who)}: ${FORM_TEXT[form]}, others are answered`
      : `Resolver ${resolver} fails: ${whatFails(trouble)}`,
    severity: severityOf(history, trouble),
    evidence: evidenceOf(history, trouble),
    ruledOut: rivals(trouble),
    fix: fixes(history, trouble, who, resolver),
    explanation: explanation(history, trouble, who),
    since: trouble.since,
    ...seenAtNames(trouble),
    radius: [
      ...(control || !view ? aroundClients(history, clients) : aroundResolver(history, view)),
      ...lookupsOf(history, clients),
    ],
  };
}

/** What a resolver answers with: of one name it is not known what it says of others. */
function whatFails({ form, names }: DnsTrouble): string {
  const [only] = names;
  return names.length === 1 && (form === 'SERVFAIL' || form === 'REFUSED')
    ? `it answers ${form} for ${only}`
    : FORM_TEXT[form];
}

/** One name that nobody told us of, and that nobody is seen to miss or to ask for all the time, is worth no more than a word. */
function severityOf(
  history: History,
  { control, clients: askers, failing: clients, logs }: DnsTrouble,
): Candidate['severity'] {
  if (control || failingForNames(history, askers).length > 0) return 'critical';
  const names = clients.flatMap((one) => one.names);
  const [first] = names;
  const isWanted = (first?.sample.timesAsked ?? 0) >= THRESHOLDS.askedOften.value;
  const isLearnt = names.length === 1 && first?.sample.learnt === true;
  return isLearnt && !isWanted && logs.length === 0 ? 'notice' : 'warning';
}

/** A denial shows at the names that are denied: whoever bears one of them may have ended. */
const seenAtNames = ({ form, names }: DnsTrouble): Pick<Candidate, 'seenAt'> =>
  form === 'NXDOMAIN' && names.length > 0 ? { seenAt: names.map(namePlace) } : {};

/** What speaks for and against a failing way to the resolver, each with its figure. */
const evidenceOf = (history: History, trouble: DnsTrouble): WeightedEvidence[] =>
  gather(
    ...trouble.failing.slice(0, 3).map(lookups),
    alike(trouble),
    given(trouble),
    byAddress(trouble),
    ...trouble.logs.slice(0, 1).map((match) => supports(THRESHOLDS.logged, logRow(match, 'none'))),
    failingRow(failingForNames(history, trouble.clients), THRESHOLDS.failingTarget),
  );

const nameOf = (client: string | null): string => client ?? 'this host';

function lookups(
  { client, names, views, runs, form }: FailingClient,
  place: number,
): WeightedEvidence | undefined {
  const [first] = names;
  const step = first?.sample.steps[0];
  if (!first || !step) return undefined;
  const said =
    form === 'silence'
      ? `no answer within ${duration(step.ms)}`
      : form === 'closed' || form === 'no way'
        ? FORM_TEXT[form]
        : `${step.outcome} in ${duration(step.ms)}`;
  const { failedAnswer, failedAnswerBeside, noAnswer } = THRESHOLDS;
  return supports(place > 0 ? failedAnswerBeside : form === 'silence' ? noAnswer : failedAnswer, {
    signal: `dns.ok{${client === null ? '' : `${client}/`}${first.name}}`,
    reading: step.ms,
    value: `${nameOf(client)} asks ${views[0].resolver} for ${step.qname}: ${said}, ${plural(runs, 'run')} in a row`,
  });
}

function alike({ failing }: DnsTrouble): WeightedEvidence | undefined {
  const names = new Set(failing.flatMap((one) => one.names.map(({ name }) => name)));
  if (names.size < THRESHOLDS.everyNameAlike.value) return undefined;
  return supports(THRESHOLDS.everyNameAlike, {
    signal: 'dns.ok',
    reading: names.size,
    value: `${[...names].slice(0, 3).join(', ')}: all alike, ${plural(failing.length, 'client')}`,
  });
}

function given(trouble: DnsTrouble): WeightedEvidence {
  const told = givenToOthers(trouble);
  if (!told) return missing('dns.ok', 'nobody else asks for the same name', 'what somebody else is told');
  return supports(THRESHOLDS.givenToOthers, {
    signal: `dns.ok{${told.name}}`,
    reading: told.ms,
    value: `${told.text} by ${trouble.control?.resolver}`,
  });
}

function byAddress({ byAddress: [first] }: DnsTrouble): WeightedEvidence | undefined {
  if (!first) return undefined;
  const ms = first.cell.ms ?? 0;
  return supports(THRESHOLDS.byAddress, {
    signal: `matrix.ok{${first.cell.source}→${first.cell.target}}`,
    reading: ms,
    value: `${first.source} connects with ${first.target} at ${first.address} in ${duration(ms)}`,
  });
}

/** The clients as a person calls them; this host only where no container is among them. */
const whoOf = (history: History, { clients }: DnsTrouble): string =>
  whoText(
    history,
    clients.filter((name) => name !== null),
  ) || THIS_HOST;

const THIS_HOST = 'this host';
const whereText = (who: string): string => `${who === THIS_HOST ? 'on' : 'in'} ${who}`;

function rivals(trouble: DnsTrouble): Rival[] {
  const {
    byAddress: [reached],
    form,
  } = trouble;
  const given = givenToOthers(trouble);
  const quick = given && (form !== 'silence' || given.ms < THRESHOLDS.quickAnswer.value);
  return gather<Rival>(
    given && { id: 'resolver-dead', because: given.text },
    given && { id: 'name-missing', because: given.text },
    quick && { id: 'resolver-saturation', because: `${given.text}, none is late` },
    reached && {
      id: 'partition',
      title: 'the network',
      because: `${reached.source} connects with ${reached.target} by address in ${duration(reached.cell.ms ?? 0)}`,
    },
  );
}

function fixes(history: History, { clients, control }: DnsTrouble, who: string, resolver: string): Fix[] {
  const pid = clients.map((name) => (name && serviceOf(history, name)?.pid) || null).find((one) => one);
  const look = 'nft list ruleset; iptables -t nat -S; iptables -S; cat /proc/net/udp';
  return [
    control
      ? now(
          `take away what stands between ${who} and its resolver: a rule that redirects or drops port 53, or a wrong resolv.conf`,
          pid ? `nsenter -t ${pid} -n sh -c '${look}'; cat /proc/${pid}/root/etc/resolv.conf` : undefined,
        )
      : now(
          `see whom ${resolver} asks itself: its own servers fail, or its zone did not load`,
          `dig ${digAt(resolver)}+norecurse . SOA`,
        ),
    later('a second nameserver in resolv.conf, with options timeout:1 attempts:2'),
    ...FEWER_LOOKUPS,
  ];
}

function explanation(history: History, trouble: DnsTrouble, who: string): string[] {
  const {
    form,
    clients,
    byAddress: [reached],
  } = trouble;
  const given = givenToOthers(trouble);
  return gather(
    `applications ${whereText(who)} are told ${libcSays(history, clients[0] ?? null, form)}`,
    given && `${given.text}: the server is well`,
    reached &&
      `by address ${reached.source} reaches ${reached.target} in ${duration(reached.cell.ms ?? 0)}: the network is well`,
  );
}
