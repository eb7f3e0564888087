import { askedBehindSince, connections } from '../../source/diagnosis/facts/connections.js';
import { restartFix, resumeFix } from '../../source/diagnosis/facts/context.js';
import { database, isInnocent } from '../../source/diagnosis/facts/database.js';
import { lookupsTroubled } from '../../source/diagnosis/facts/dns.js';
import { byAddress, silent, type TargetView, targets } from '../../source/diagnosis/facts/http.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { isFrozen, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { BEHIND_MS, evidenceOf, type Scene, TROUBLE_MS } from './evidence.js';
import { queueAt } from './queue.js';

/** A service that takes connections and never says a word, while all it depends on is well. */
export const signature: Signature = {
  id: 'service-hung',
  forMs: 2500,
  keepMs: 4000,
  explains: ['http-errors', 'listen-overflow', 'close-wait-leak'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const all = targets(history);
  const groups = byAddress(all);
  const muted = byAddress(silent(history));
  const frozenAt = [...groups.keys()].find((address) => {
    const service = serviceAt(history, address);
    return service !== undefined && isFrozen(service);
  });
  const address = frozenAt ?? [...muted.keys()][0] ?? [...groups.keys()][0];
  if (address === undefined) return undefined;
  const views = groups.get(address) ?? [];
  const service = serviceAt(history, address);
  const frozen = service !== undefined && isFrozen(service);
  const queue = queueAt(history, address);
  const scene: Scene = { history, address, views, service, frozen, silent: muted.get(address) ?? [], queue };
  const label = service?.name ?? address;
  const others = [...muted]
    .filter(([other, its]) => other !== address && its.length === groups.get(other)?.length)
    .map(([other]) => other);
  return {
    target: `users → ${service ? `${service.name} (${address})` : address}`,
    raise: raised(scene),
    clear: !frozen && views.length > 0 && views.every((view) => answers(view)),
    title: frozen
      ? `${label} is frozen: its process is stopped by a signal`
      : `${label} takes connections and does not answer`,
    severity: 'critical',
    base: 0.35,
    evidence: evidenceOf(scene),
    ruledOut: ruledOut(history, [
      'service-stopped',
      'traffic-spike',
      'resolver-dead',
      'database-down',
      'database-connections',
      'name-missing',
    ]),
    fix: fixes(scene),
    story: [
      ...story(scene, label),
      ...(others.length > 0 ? [`silent in the same way: ${others.slice(0, 3).join(', ')}`] : []),
    ],
    since: earliest(...scene.silent.map((view) => view.failingSince)),
    // A frozen process is its own cause; a silent one may wait for something else.
    reach: { reaches: others.concat(address).map(placeOf), seenAt: [placeOf(address)], inherent: frozen },
  };
}

/** A frozen process speaks for itself; a silent one only when nothing that it waits for is seen to be sick. */
function raised({ history, views, frozen, silent: muted }: Scene): boolean {
  if (frozen) return true;
  if (muted.length === 0 || muted.length < views.length) return false;
  const sample = database(history);
  const well = !lookupsTroubled(history, TROUBLE_MS) && (sample === undefined || isInnocent(sample));
  return well && isClearedBehind(history, muted);
}

/** What stands behind it was asked since it fell silent, and is reached; or has had time enough to be asked. */
function isClearedBehind(history: History, muted: readonly TargetView[]): boolean {
  const began = Math.min(...muted.map(({ at, sample }) => at - sample.totalMs));
  if (connections(history).some(({ needed, failed }) => needed && failed > 0)) return false;
  return askedBehindSince(history, began) || history.now - began >= BEHIND_MS;
}

/** A refusal or an error is not silence; only an answer of the service ends this. */
const answers = (view: TargetView): boolean =>
  view.sample.status !== null || view.sample.failure?.kind === 'refused';

function fixes({ address, service, frozen }: Scene): Assessment['fix'] {
  return [
    frozen && service
      ? resumeFix(service, address)
      : restartFix(service, address, `restart ${service?.name ?? `what serves ${address}`}`),
    { when: 'later', text: 'a liveness check that restarts what does not answer' },
    { when: 'later', text: 'deadlines in its clients, so that they do not hang with it' },
  ];
}

function story({ service, silent: muted, queue, address }: Scene, label: string): string[] {
  const lines: string[] = [];
  const first = muted[0];
  if (first)
    lines.push(
      `connected in ${duration(first.sample.phases.connect ?? 0)}, then not one byte in ${duration(first.sample.totalMs)}`,
    );
  if (service) lines.push(`${label}: ${processText(service)}`);
  if (queue && queue.queued > 0)
    lines.push(`${queue.queued} connections wait at ${address} for somebody to accept them`);
  return lines;
}
