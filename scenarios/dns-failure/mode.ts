import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundClients, aroundResolver, lookupsOf } from '../../source/diagnosis/facts/blast-radius.js';
import { resolvers } from '../../source/diagnosis/facts/dns.js';
import { type DnsTrouble, dnsTroubles, isStillFailing } from '../../source/diagnosis/facts/dns-troubles.js';
import { lookupFailure } from '../../source/diagnosis/facts/failing-clients.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { libcSays } from '../../source/diagnosis/facts/libc.js';
import { serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { evidenceOf } from './evidence.js';
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
  detect: (history) => dnsTroubles(history, THRESHOLDS).map((one) => candidate(history, one)),
  persists: (history, subject) => isStillFailing(history, subject, THRESHOLDS),
  clears(history) {
    const views = resolvers(history);
    const asked = views.flatMap(({ names }) => names.map(({ sample }) => sample));
    if (asked.length === 0 || asked.some((sample) => lookupFailure(sample))) return undefined;
    return `lookups through ${plural(views.length, 'resolver')} are answered`;
  },
});

/** How the form reads in a title. */
const FORM_TEXT: Readonly<Record<DnsTrouble['form'], string>> = {
  NXDOMAIN: 'every name is said not to exist (NXDOMAIN)',
  SERVFAIL: 'every lookup is answered with SERVFAIL',
  REFUSED: 'every lookup is refused by the server',
  silence: 'no lookup is answered',
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
      ? `DNS fails in ${who}: ${FORM_TEXT[form]}, others are answered`
      : `Resolver ${resolver} fails: ${FORM_TEXT[form]}`,
    severity: failing(history).length > 0 || control ? 'critical' : 'warning',
    evidence: evidenceOf(history, trouble),
    ruledOut: rivals(trouble),
    fix: fixes(history, trouble, who, resolver),
    explanation: explanation(history, trouble, who),
    since: trouble.since,
    radius: [
      ...(control || !view ? aroundClients(history, clients) : aroundResolver(history, view)),
      ...lookupsOf(history, clients),
    ],
  };
}

/** The clients as a person calls them; this host only where no container is among them. */
const whoOf = (history: History, { clients }: DnsTrouble): string =>
  whoText(
    history,
    clients.filter((name) => name !== null),
  ) || 'this host';

function rivals({ control, byAddress: [reached], form }: DnsTrouble): Rival[] {
  const own: Rival[] = [];
  const given = control?.names.find(({ sample }) => sample.resolved);
  if (given) {
    const because = `${control?.client ?? 'this host'} is given ${given.name} in ${duration(given.sample.totalMs)}`;
    own.push({ id: 'resolver-dead', because });
    own.push({ id: 'name-missing', because });
    if (form !== 'silence' || given.sample.totalMs < THRESHOLDS.quickAnswer.value)
      own.push({ id: 'resolver-saturation', because: `${because}, none is late` });
  }
  if (reached)
    own.push({
      id: 'partition',
      title: 'the network',
      because: `${reached.source} connects with ${reached.target} by address in ${duration(reached.cell.ms ?? 0)}`,
    });
  return own;
}

function fixes(history: History, { clients, control }: DnsTrouble, who: string, resolver: string): Fix[] {
  const pid = clients.map((name) => (name && serviceOf(history, name)?.pid) || null).find((one) => one);
  const look = 'nft list ruleset; iptables -t nat -S; iptables -S; cat /proc/net/udp';
  const now: Fix = control
    ? {
        when: 'now',
        text: `take away what stands between ${who} and its resolver: a rule that redirects or drops port 53, or a wrong resolv.conf`,
        ...(pid
          ? { command: `nsenter -t ${pid} -n sh -c '${look}'; cat /proc/${pid}/root/etc/resolv.conf` }
          : {}),
      }
    : {
        when: 'now',
        text: `see whom ${resolver} asks itself: its own servers fail, or its zone did not load`,
        command: `dig @${resolver.replace(/:\d+$/, '')} +norecurse . SOA`,
      };
  return [
    now,
    later('a second nameserver in resolv.conf, with options timeout:1 attempts:2'),
    later('cache answers near the application; serve stale ones (RFC 8767)'),
    later('connection pool: no lookup for each request', 'pool'),
  ];
}

function explanation(history: History, trouble: DnsTrouble, who: string): string[] {
  const { form, clients, control, byAddress } = trouble;
  const lines = [`applications in ${who} are told ${libcSays(history, clients[0] ?? null, form)}`];
  const given = control?.names.find(({ sample }) => sample.resolved);
  if (control && given)
    lines.push(
      `${control.client ?? 'this host'} is given ${given.name} in ${duration(given.sample.totalMs)}: the server is well`,
    );
  const [reached] = byAddress;
  if (reached)
    lines.push(
      `by address ${reached.source} reaches ${reached.target} in ${duration(reached.cell.ms ?? 0)}: the network is well`,
    );
  return lines;
}
