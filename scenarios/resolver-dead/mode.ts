import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundResolver, resolverSubject } from '../../source/diagnosis/facts/blast-radius.js';
import { type SickApp, sickAsker, usersSee } from '../../source/diagnosis/facts/context.js';
import { everyResolver } from '../../source/diagnosis/facts/dns.js';
import { failingForNames, loggedOfNames } from '../../source/diagnosis/facts/failing-askers.js';
import { lostNameserver } from '../../source/diagnosis/facts/lines-not-taken.js';
import { deadResolverFixes } from '../../source/diagnosis/facts/resolver-fixes.js';
import { failingRow, logRow, serviceRow } from '../../source/diagnosis/facts/rows.js';
import { answersNobody, isFrozen, isGone, processText } from '../../source/diagnosis/facts/services.js';
import {
  refusalText,
  type Silence,
  signOfLife,
  silences,
  silenceText,
  spareText,
  WITHOUT_AN_ANSWER,
} from '../../source/diagnosis/facts/silences.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { failingTargets, logLines, processRuns, SILENT_WHILE_RUNNING } from '../common-thresholds.js';

const SILENCE = 'no answer to queries watched for 12 s: a queue would have given some';

/** Every figure that a dead resolver is judged by. */
const THRESHOLDS = {
  /**
   * A query is watched for 10 s after its client gave up at 2 s, and what came late is told by the run that ends up to
   * 4 s later.
   */
  silence: { unit: 'ms', value: 16_000, weight: 0.3, source: SILENCE },
  /** Shorter silence says less. */
  silenceSoFar: { unit: 'ms', value: 16_000, weight: 0.15, source: SILENCE },
  unheardQuestions: {
    unit: 'questions',
    value: 2,
    weight: 0.15,
    reads: 'an answer to anybody',
    source: 'our choice: with a lookup of our own that is a question, its second try, and ours',
  },
  refusedRuns: {
    unit: 'runs',
    value: 2,
    weight: 0.35,
    source: 'udp(7): ECONNREFUSED on a connected socket is ICMP port unreachable; connect(2): ENETUNREACH',
  },
  running: processRuns(0.2, 0.05),
  failingTarget: failingTargets(0.05, SILENT_WHILE_RUNNING),
  ...WITHOUT_AN_ANSWER,
  logged: logLines(0.04, 'EAI_AGAIN, ETIMEOUT and ECONNREFUSED mean no answer; NXDOMAIN would be ENOTFOUND'),
} as const satisfies Thresholds;

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
  detect: (history) => silences(history, THRESHOLDS).map((one) => candidate(history, one)),
  // An answer of any kind is a sign of life, a late one too: then it is slow, and that has another name.
  clears: (history) => everyResolver(history, (view) => signOfLife(history, view)),
});

function candidate(history: History, silence: Silence): Candidate {
  const { view, dead, spare } = silence;
  const app = sickAsker(history, view.client);
  const lines = gather(lostNameserver(view));
  return {
    subject: resolverSubject(view),
    target: `${(spare ? undefined : (app?.label ?? view.client)) ?? 'this host'} → resolver ${view.resolver}`,
    raise: dead,
    title: spare ? `1 of ${spare.count} nameservers is dead: ${view.resolver}` : titleOf(silence),
    severity: !spare ? 'critical' : spare.waits ? 'warning' : 'notice',
    evidence: evidenceOf(history, silence),
    ruledOut: [
      notSaturated(silence),
      { id: 'name-missing', because: 'nobody said NXDOMAIN, nobody said anything' },
    ],
    fix: [...lines.map(({ fix }) => fix), ...deadResolverFixes(silence)],
    explanation: [...lines.map(({ text }) => text), ...explanation(silence, app)],
    since: earliest(...view.names.map((name) => name.failingSince)),
    // Where another stands in, lookups succeed: it is the cause of nothing else.
    radius: spare ? [] : [...aroundResolver(history, view), ...view.names.map(({ name }) => namePlace(name))],
  };
}

/** What speaks for and against a dead resolver, each with its figure. */
function evidenceOf(history: History, silence: Silence): WeightedEvidence[] {
  const { view, service } = silence;
  const ended = service && answersNobody(service);
  const why = `no process seen behind ${view.resolver}`;
  const [line] = loggedOfNames(history, silence.askers, 'name-resolution-temporary');
  return gather(
    lookups(silence),
    unheard(view),
    serviceRow(service, THRESHOLDS.running, ended, why, 'whether the resolver process runs'),
    failingRow(failingForNames(history, silence.askers), THRESHOLDS.failingTarget, ':'),
    line && supports(THRESHOLDS.logged, logRow(line, 'none')),
  );
}

function lookups(silence: Silence): WeightedEvidence | undefined {
  const { refused, silentMs } = silence;
  const [first] = silence.view.names;
  if (!first) return undefined;
  const { refusedRuns, silence: long, silenceSoFar } = THRESHOLDS;
  const signal = `dns.ok{${first.name}}`;
  if (refused) {
    const value = `${first.name}: ${refusalText(silence)}, ${plural(first.failed, 'run')} in a row`;
    return supports(refusedRuns, { signal, reading: first.failed, value });
  }
  return supports(silentMs >= long.value ? long : silenceSoFar, {
    signal,
    reading: silentMs,
    value: `${first.name}: no answer for ${duration(silentMs)}, no late one either`,
    threshold: duration(long.value),
  });
}

/** What others asked it meanwhile. */
function unheard({ unheard: others, resolver }: Silence['view']): WeightedEvidence | undefined {
  if (!others || others.asked < THRESHOLDS.unheardQuestions.value) return undefined;
  return supports(THRESHOLDS.unheardQuestions, {
    signal: 'dns',
    reading: others.asked,
    value: `${plural(others.asked, 'question')} of others to ${resolver} in ${duration(others.ms)}: nobody was answered`,
  });
}

function titleOf({ view, service, refused, noWay, forbidden }: Silence): string {
  const line = refused ? lostNameserver(view) : undefined;
  if (line)
    return `No nameserver is set: ${line.which} is not taken, and nothing listens at ${view.resolver}`;
  const name = `Resolver ${resolverSubject(view).id}`;
  if (service && isFrozen(service)) return `${name} is frozen: its process is stopped`;
  if (service && isGone(service)) return `${name} is dead: its process has exited`;
  if (forbidden) return `${name} cannot be reached: a rule of the packet filter lets no question out`;
  if (noWay) return `${name} cannot be reached: no route leads to its address`;
  return refused ? `${name} is dead: nothing listens at its address` : `${name} does not answer at all`;
}

function notSaturated({ refused, noWay, silentMs, service }: Silence): Rival {
  const because = noWay
    ? 'no query reaches it, so none is queued'
    : refused
      ? 'queries are refused, not queued'
      : service && isFrozen(service)
        ? 'its process is frozen: it serves nobody'
        : `no late answer in ${duration(silentMs)}: a queue would give some`;
  return { id: 'resolver-saturation', because };
}

function explanation(silence: Silence, app?: SickApp): string[] {
  const { service, spare } = silence;
  const silent = silenceText(silence);
  if (spare) return [silent, ...spareText(spare)];
  return gather(
    silent,
    service && `${service.name}: ${processText(service)}`,
    app && `${app.label} needs a name that nobody gives: its users see ${usersSee(app)}`,
  );
}
