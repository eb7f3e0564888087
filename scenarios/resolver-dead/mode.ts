import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundResolver, resolverSubject } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix, resumeFix, type SickApp, sickApp } from '../../source/diagnosis/facts/context.js';
import {
  answered,
  everyResolver,
  type ResolverView,
  resolverService,
} from '../../source/diagnosis/facts/dns.js';
import { isFrozen, isGone, processText } from '../../source/diagnosis/facts/services.js';
import { type Silence, type Spare, silences } from '../../source/diagnosis/facts/silences.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Fix, RuledOut } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

/** A resolver that gives no answer at all, not even a late one. */
export const mode = defineMode({
  id: 'resolver-dead',
  called: 'a dead resolver',
  scope: 'listener',
  inputs: [['dns', 'lookups']],
  forMs: 2000,
  keepMs: 6000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: ['resolver-saturation', 'service-hung', 'name-missing', 'http-errors', 'close-wait-leak'],
  rivals: ['database-down', 'database-connections', 'service-stopped', 'service-hung'],
  detect(history) {
    const all = silences(history, THRESHOLDS);
    // Of one that several ask, what the hardest hit of them sees comes first.
    const worth = ({ dead, spare }: Silence): number => (dead ? (spare ? 1 : 2) : 0);
    return [...all].sort((a, b) => worth(b) - worth(a)).map((one) => candidate(history, one));
  },
  clears: (history) => everyResolver(history, (view) => signOfLife(history, view)),
});

/** What one resolver answers, or undefined where it does not. */
function signOfLife(history: History, view: ResolverView): string | undefined {
  const { names } = view;
  const service = resolverService(history, view);
  // What it answered a while ago does not clear one that is gone or frozen now.
  if (service && (isGone(service) || isFrozen(service))) return undefined;
  const steps = names.flatMap((name) => name.sample.steps);
  if (steps.some((one) => one.outcome === 'refused')) return undefined;
  const step = steps.find((one) => answered(one.outcome));
  if (step) return `it answers: ${step.outcome} in ${duration(step.ms)}`;
  const late = names.flatMap((name) => name.late).at(-1) ?? names.flatMap((name) => name.slow).at(-1);
  return late && `it still answers, after ${duration(late.value)}`;
}

function candidate(history: History, silence: Silence): Candidate {
  const { view, service, refused, dead, spare } = silence;
  const app = sickApp(history);
  const waits = spare?.second === true && !refused;
  return {
    subject: resolverSubject(view),
    target: `${(spare ? undefined : app?.label) ?? 'lookups'} → resolver ${view.resolver}`,
    raise: dead,
    // An answer of any kind is a sign of life, a late one too: then it is slow, and that has another name.
    clear: false,
    title: spare ? `1 of ${spare.count} nameservers is dead: ${view.resolver}` : titleOf(silence),
    severity: !spare ? 'critical' : waits ? 'warning' : 'notice',
    evidence: evidenceOf(history, silence),
    ruledOut: [notSaturated(silence), notMissing],
    fix: spare ? partFixes(silence) : fixes(silence),
    explanation: [silentText(silence), ...(spare ? partStory(spare, waits) : explanation(service, app))],
    since: earliest(...view.names.map((name) => name.failingSince)),
    // Where another stands in, lookups succeed: it is the cause of nothing else.
    radius: spare ? [] : [...aroundResolver(history, view), ...view.names.map(({ name }) => namePlace(name))],
  };
}

function titleOf({ view, service, refused }: Silence): string {
  const name = `Resolver ${resolverSubject(view).id}`;
  if (service && isFrozen(service)) return `${name} is frozen: its process is stopped`;
  if (service && isGone(service)) return `${name} is dead: its process has exited`;
  return refused ? `${name} is dead: nothing listens at its address` : `${name} does not answer at all`;
}

function notSaturated({ refused, silentMs, service }: Silence): RuledOut {
  const because = refused
    ? 'queries are refused, not queued'
    : service && isFrozen(service)
      ? 'its process is frozen: it serves nobody'
      : `no late answer in ${duration(silentMs)}: a queue would give some`;
  return { id: 'resolver-saturation', title: 'a slow resolver', because };
}

const notMissing: RuledOut = {
  id: 'name-missing',
  title: 'a missing name',
  because: 'nobody said NXDOMAIN, nobody said anything',
};

function fixes({ view, service, refused }: Silence): Fix[] {
  const label = service?.name ?? `the resolver at ${view.resolver}`;
  const text = service && !isGone(service) ? `restart ${label}` : `start ${label} again`;
  return [
    service && isFrozen(service)
      ? resumeFix(service, view.resolver)
      : restartFix(service, view.resolver, text, refused),
    { when: 'later', text: 'a second nameserver in resolv.conf, with a short timeout' },
    { when: 'later', text: 'cache answers near the application; serve stale ones (RFC 8767)' },
    { when: 'later', text: 'connection pool: no lookup for each request', remedy: 'pool' },
  ];
}

/** What is done where another nameserver stands in. */
const partFixes = ({ view, service, refused }: Silence): Fix[] => [
  restartFix(
    service,
    view.resolver,
    `start ${service?.name ?? `the resolver at ${view.resolver}`} again`,
    refused,
  ),
  { when: 'now', text: `take ${view.resolver} out of resolv.conf until it answers` },
  { when: 'later', text: 'options timeout:1 attempts:2 in resolv.conf; the default waits 5 s' },
];

const silentText = ({ view, refused, silentMs }: Silence): string =>
  refused
    ? `${view.resolver} refuses every query: nobody listens there`
    : `${view.resolver} has given no answer for ${duration(silentMs)}, not even a late one`;

function explanation(service: Silence['service'], app: SickApp | undefined): string[] {
  const lines = service ? [`${service.name}: ${processText(service)}`] : [];
  if (app) {
    const users = app.view.sample.status === null ? 'timeouts' : `errors (${app.view.sample.status})`;
    lines.push(`${app.label} needs a name that nobody gives: its users see ${users}`);
  }
  return lines;
}

const partStory = ({ view }: Spare, waits: boolean): string[] => [
  `${view.resolver} answers in ${duration(Math.max(...view.names.map(({ sample }) => sample.totalMs)))}, so lookups still succeed`,
  waits
    ? 'it is asked first: every lookup waits for it before the next is asked'
    : 'nobody waits for it, but nothing is left to stand in for the other',
];
