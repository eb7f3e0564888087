import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundListener } from '../../source/diagnosis/facts/blast-radius.js';
import { allNeededConnect, askedBehindSince } from '../../source/diagnosis/facts/connections.js';
import { bringBackFix } from '../../source/diagnosis/facts/context.js';
import { database, isInnocent } from '../../source/diagnosis/facts/database.js';
import { sickDatastores } from '../../source/diagnosis/facts/datastores.js';
import { lookupsTroubled, resolvers } from '../../source/diagnosis/facts/dns.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failing, names, sentAt, targets } from '../../source/diagnosis/facts/http.js';
import { type HungListener, hungListeners } from '../../source/diagnosis/facts/hung-listeners.js';
import { listenQueue } from '../../source/diagnosis/facts/listeners.js';
import { databaseRow, lookupsRow, processRow } from '../../source/diagnosis/facts/rows.js';
import { isFrozen, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { innocentDatabase, lookupsInTime, notAccepted } from '../common-thresholds.js';

/** Every figure that a frozen service is judged by. */
const THRESHOLDS = {
  firstByte: {
    unit: 'ms',
    weight: 0.2,
    reads: 'a first byte',
    source: 'the kernel accepts for a process that is frozen: connect works, read hangs (measured)',
  },
  processState: {
    unit: '',
    weight: 0.3,
    against: 0.05,
    reads: 'state S or R',
    source: 'proc(5): state T of /proc/PID/stat is stopped by a signal',
  },
  notAccepted: notAccepted(0.1),
  /** Trouble with lookups keeps this from being named. */
  lookupsInTime: lookupsInTime(0.06, 0.25, 'a slow resolver makes its clients look frozen'),
  databaseAnswers: innocentDatabase(0.06, 0.25),
  triedBehindWithin: {
    unit: 'ms',
    value: 20_000,
    source: 'our choice: so long may connections and lookups of containers behind it take to be tried again',
  },
} as const satisfies Thresholds;

/**
 * A service that takes connections and never says a word, while all it depends on is well. The subject is the listener,
 * `host:port` as it is probed, and never its workload: it is silent whether or not anybody is seen to serve it.
 */
export const mode = defineMode({
  id: 'service-hung',
  called: 'a frozen service',
  scope: 'listener',
  inputs: ['http'],
  forMs: 2500,
  keepMs: 4000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'listen-overflow', 'close-wait-leak'],
  rivals: [
    ...['service-stopped', 'resolver-saturation', 'resolver-dead'],
    ...['database-down', 'database-connections', 'name-missing'],
  ],
  detect: (history) => hungListeners(history).map(candidate),
  clears,
});

function candidate(one: HungListener): Candidate {
  const { history, address, service, frozen, waiting, waits } = one;
  const label = service?.name ?? address;
  return {
    subject: { kind: 'listener', id: address },
    target: `users → ${service ? `${service.name} (${address})` : address}`,
    raise: isRaised(one),
    clear: waits,
    title: frozen
      ? `${label} is frozen: ${service?.state === 'paused' ? 'its container is paused' : 'its process is stopped by a signal'}`
      : `${label} takes connections and does not answer`,
    severity: 'critical',
    evidence: evidenceOf(one),
    fix: fixes(one),
    explanation: explanation(one),
    since: earliest(...one.silent.map((view) => view.failingSince)),
    // A frozen process is its own cause; a silent one may wait for something else, and a pause is a cause by name.
    inherent: frozen && service?.state !== 'paused',
    radius: [...aroundListener(history, address), ...waiting.map(placeOf)],
  };
}

/** What speaks for and against a frozen service, each with its figure. */
function evidenceOf(hung: HungListener): WeightedEvidence[] {
  const { history, address, service, frozen } = hung;
  const { processState, lookupsInTime, databaseAnswers } = THRESHOLDS;
  const known = frozen || (service?.processState ?? null) !== null;
  return gather(
    silence(hung),
    processRow(history, processState, address, known ? frozen : undefined, 'whether its process is frozen'),
    backlog(hung),
    lookupsRow(history, lookupsInTime),
    databaseRow(history, databaseAnswers),
  );
}

function silence({ silent }: HungListener): WeightedEvidence | undefined {
  const first = silent[0];
  if (!first) return undefined;
  const connect = duration(first.sample.phases.connect ?? 0);
  return supports(THRESHOLDS.firstByte, {
    signal: `http.ok{${first.target}}`,
    reading: first.sample.totalMs,
    value: `${names(silent)}: connected in ${connect}, no byte for ${duration(first.sample.totalMs)}`,
  });
}

function backlog({ history, address }: HungListener): WeightedEvidence | undefined {
  const queue = listenQueue(history, address);
  if (!queue || queue.queued < THRESHOLDS.notAccepted.value) return undefined;
  const of = queue.backlog === null ? '' : ` of ${queue.backlog}`;
  return supports(THRESHOLDS.notAccepted, {
    signal: 'sockets.listeners',
    reading: queue.queued,
    value: `${queue.queued}${of} connections nobody accepts on port ${queue.port}`,
  });
}

/** A frozen process speaks for itself; a silent one once all that it waits for has had time to be asked, and is well. */
function isRaised({ history, views, frozen, silent: muted, waits }: HungListener): boolean {
  if (frozen) return true;
  if (waits || muted.length === 0 || muted.length < views.length) return false;
  const sample = database(history);
  if (lookupsTroubled(history, THRESHOLDS.lookupsInTime.windowMs)) return false;
  if ((sample && !isInnocent(sample)) || sickDatastores(history).length > 0) return false;
  if (!allNeededConnect(history)) return false;
  const began = sentAt(muted);
  return askedBehindSince(history, began) || history.now - began >= THRESHOLDS.triedBehindWithin.value;
}

function clears(history: History): string | undefined {
  const sick = failing(history)[0];
  const view = sick ?? targets(history)[0];
  if (!view) return undefined;
  const service = serviceAt(history, view.address);
  if (service && isFrozen(service)) return undefined;
  if (!sick) return `it answers in ${duration(view.sample.totalMs)}`;
  const other = targets(history).find((one) => one.address === sick.address && one.sample.ok);
  if (other) return `${other.target} answers in ${duration(other.sample.totalMs)}`;
  if (sick.sample.status !== null) return `it answers: status ${sick.sample.status}`;
  if (sick.sample.failure?.kind === 'refused') return 'refused at once, not left waiting';
  // That it runs clears it only when something else it waits for is seen to be sick.
  const waits = resolvers(history).some(({ names }) => names.some((name) => name.failingSince !== null));
  return service?.processState && waits ? `its ${processText(service)}; it waits` : undefined;
}

const fixes = ({ address, service }: HungListener): Fix[] => [
  bringBackFix(service, address, `restart ${service?.name ?? `what serves ${address}`}`),
  later('a liveness check that restarts what does not answer'),
  later('deadlines in its clients, so that they do not hang with it'),
];

function explanation({ history, service, silent: [first], address, waiting }: HungListener): string[] {
  const queued = listenQueue(history, address)?.queued ?? 0;
  return gather(
    first &&
      `connected in ${duration(first.sample.phases.connect ?? 0)}, then not one byte in ${duration(first.sample.totalMs)}`,
    service && `${service.name}: ${processText(service)}`,
    queued > 0 && `${queued} connections wait at ${address} for somebody to accept them`,
    waiting.length > 0 && `silent in the same way: ${waiting.slice(0, 3).join(', ')}`,
  );
}
