import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather } from '../../source/diagnosis/evidence.js';
import { aroundListener, aroundWorkloads } from '../../source/diagnosis/facts/blast-radius.js';
import { chainText, isBehind, isWhole } from '../../source/diagnosis/facts/chains.js';
import { askedBehindSince, connections } from '../../source/diagnosis/facts/connections.js';
import { lookupsTroubled, resolvers } from '../../source/diagnosis/facts/dns.js';
import { failing, sentAt, targets } from '../../source/diagnosis/facts/http.js';
import {
  type Hung,
  hungListeners,
  isConnectedTo,
  queueOf,
} from '../../source/diagnosis/facts/hung-listeners.js';
import { insideOf } from '../../source/diagnosis/facts/inside.js';
import { mayNeed, sickDatabases, waitsToConnect } from '../../source/diagnosis/facts/reach.js';
import {
  howFrozen,
  isFrozen,
  isPausedContainer,
  processText,
  serviceAt,
  stopText,
} from '../../source/diagnosis/facts/services.js';
import { unitAt, withUnit } from '../../source/diagnosis/facts/units.js';
import { aroundUnix, unixServer, unixWaiter } from '../../source/diagnosis/facts/unix-sockets.js';
import { known } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Severity } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, listed, plural } from '../../source/terminal/format.js';
import { evidenceOf, mayAsk, sinceOf } from './evidence.js';
import { fixesOf } from './fixes.js';
import { THRESHOLDS } from './thresholds.js';

/** Score of one whose processes are seen to be stopped: a fact, not a guess by what it does not do. */
const SEEN_TO_BE_FROZEN = 0.6;

/**
 * A service that takes connections and never says a word, while all it depends on is well; or whose processes are
 * stopped. The subject is the listener, `host:port` as it is probed or asked: it is silent whether or not anybody is seen
 * to serve it. A frozen workload that no target leads to is a subject itself.
 */
export const mode = defineMode({
  id: 'service-hung',
  called: 'a frozen service',
  scope: 'listener',
  inputs: [['http', 'services', 'sockets']],
  forMs: 2500,
  keepMs: 4000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'listen-overflow', 'close-wait-leak', 'retransmission'],
  rivals: [
    ...['service-stopped', 'resolver-saturation', 'resolver-dead'],
    ...['database-down', 'database-connections', 'name-missing'],
  ],
  detect: (history) => hungListeners(history, THRESHOLDS).map(candidate),
  clears,
});

function candidate(one: Hung): Candidate {
  const { history, address, frozen, waiting, waits, subject, unix } = one;
  return {
    subject,
    target: targetOf(one),
    raise: isRaised(one),
    clear: waits,
    title: titleOf(one),
    severity: severityOf(one),
    ...(frozen ? { base: SEEN_TO_BE_FROZEN } : {}),
    evidence: evidenceOf(one),
    fix: fixesOf(one),
    explanation: explanation(one),
    since: sinceOf(one),
    // A frozen process is its own cause, but for what its engine paused; a silent one may wait for something else.
    inherent: frozen && !(one.service && isPausedContainer(one.service)),
    radius: [
      ...(unix ? aroundUnix(unix) : []),
      ...(address === null ? [] : aroundListener(history, address)),
      ...(one.service && (frozen || address === null) ? aroundWorkloads(history, [one.service]) : []),
      ...waiting.map((view) => placeOf(view.address)),
    ],
  };
}

/** A process of this host that is stopped and nobody is connected to, a shell's job or under a debugger, is nobody's trouble. */
function severityOf(one: Hung): Severity {
  const { silent, waiting, chain, frozen, service } = one;
  const felt = silent.length + waiting.length + chain.length > 0 || (queueOf(one)?.queued ?? 0) > 0;
  if (felt || !frozen) return 'critical';
  return service || isConnectedTo(one) ? 'warning' : 'notice';
}

function labelOf({ history, service, process, address, subject, unix }: Hung): string {
  if (unix) return unixServer(unix);
  if (service) return service.name;
  const known = process ?? (address === null ? undefined : unitAt(history, address));
  return known ? `${withUnit(known)} at ${address}` : (address ?? subject.id);
}

function targetOf({ service, address, chain, subject, unix }: Hung): string {
  if (unix) return `${unixWaiter(unix) ?? 'clients'} → ${address}`;
  const place = service && address !== null ? `${service.name} (${address})` : (address ?? subject.id);
  const [first] = chain;
  return `${first ? first.waiter : 'clients'} → ${place}`;
}

function titleOf(one: Hung): string {
  const { service, process, frozen, chain } = one;
  const waiter = chain.at(-1)?.waiter;
  if (!frozen)
    return waiter === undefined
      ? `${labelOf(one)} takes connections and does not answer`
      : `${labelOf(one)} does not answer ${waiter}, which waits for it`;
  return `${labelOf(one)} is frozen: ${howFrozen(service?.stopped ?? process, service !== undefined && isPausedContainer(service))}`;
}

/** A frozen process speaks for itself; a silent one once all that it waits for has had time to be asked, and is well. */
function isRaised(one: Hung): boolean {
  const { history, views, frozen, silent: muted, waits, service, chain } = one;
  if (frozen || one.unaccepted || one.unix) return true;
  if (views.length === 0) return chain.length > 0;
  if (waits || muted.length === 0 || muted.length < views.length) return false;
  const asks = (client: string | null): boolean => mayAsk(one, client);
  if (lookupsTroubled(history, THRESHOLDS.lookupsInTime.windowMs, asks) || asksInVain(one)) return false;
  if (sickDatabases(history).some((server) => mayNeed(history, one, server))) return false;
  if (!allBehindConnect(one)) return false;
  const began = sentAt(muted);
  return (
    (service !== undefined && isWhole(history, service.name)) ||
    askedBehindSince(history, began) ||
    history.now - began >= THRESHOLDS.triedBehindWithin.value
  );
}

/** Whether lookups of its own wait in every reading. */
function asksInVain({ history, service }: Hung): boolean {
  if (!service || !insideOf(history, service.name)) return false;
  const { value: most, windowMs } = THRESHOLDS.pendingLookups;
  const waiting = known(history, `sockets.askers{${service.name}}`, windowMs);
  return waiting.length > 0 && waiting.every(({ value }) => value > most);
}

/** Whether nothing stands in the way of what it, and whoever stands behind it, asks of others. */
const allBehindConnect = (one: Hung): boolean =>
  !connections(one.history).some(
    ({ needed, failed, source }) =>
      needed && failed > 0 && one.service !== undefined && isBehind(one.history, one.service.name, source),
  ) &&
  (one.service !== undefined || !waitsToConnect(one.history, one.address));

function clears(history: History): string | undefined {
  const sick = failing(history)[0];
  const view = sick ?? targets(history)[0];
  if (!view) return undefined;
  const service = serviceAt(history, view.address);
  if (service && isFrozen(service)) return undefined;
  if (!sick) return `${view.target} answers in ${duration(view.sample.totalMs)}`;
  const other = targets(history).find((one) => one.address === sick.address && one.sample.ok);
  if (other) return `${other.target} answers in ${duration(other.sample.totalMs)}`;
  if (sick.sample.status !== null) return `${sick.target} answers: status ${sick.sample.status}`;
  if (sick.sample.failure?.kind === 'refused') return `${sick.target} is refused at once, not left waiting`;
  // That it runs clears it only when something else it waits for is seen to be sick.
  const waits = resolvers(history).some(({ names }) => names.some((name) => name.failingSince !== null));
  return service?.processState && waits ? `${service.name}: ${processText(service)}; it waits` : undefined;
}

function explanation(one: Hung): string[] {
  const { service, process, silent, address, waiting, chain } = one;
  const queued = queueOf(one)?.queued ?? 0;
  const first = silent[0];
  const others = [...new Set(waiting.map((view) => view.address))].filter((other) => other !== address);
  return gather(
    chain.length > 0 && chainText(chain),
    first &&
      `connected in ${duration(first.sample.phases.connect ?? 0)}, then not one byte in ${duration(first.sample.totalMs)}`,
    service && `${service.name}: ${processText(service)}`,
    process && `${process.name} (pid ${process.pid}): ${stopText(process)}`,
    one.unaccepted &&
      `${plural(one.unaccepted.came, 'connection')} came lately and not one was sent a byte: a slow server would answer some`,
    queued > 0 && `${queued} connections wait for somebody to accept them`,
    others.length > 0 && `silent as they wait for it: ${listed(others)}`,
  );
}
