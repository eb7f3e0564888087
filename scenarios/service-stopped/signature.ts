import { restartFix } from '../../source/diagnosis/facts/context.js';
import { byAddress, failingBy, names, type TargetView, targets } from '../../source/diagnosis/facts/http.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { isGone, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { evidenceOf, THRESHOLDS } from './evidence.js';

/** Nobody listens where users knock: the service's process has ended. */
export const signature: Signature = {
  id: 'service-stopped',
  // Longer than a restart takes.
  forMs: 3000,
  keepMs: 4000,
  explains: ['http-errors', 'listen-overflow', 'service-hung'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const groups = byAddress(targets(history));
  if (groups.size === 0) return undefined;
  const refused = refusedAddresses(history, groups);
  const stopped = [...refused].find(([at, its]) => isStopped(its, serviceAt(history, at)));
  const [address, views] = stopped ?? [...refused][0] ?? [...groups][0] ?? [];
  if (address === undefined || views === undefined) return undefined;
  const service = serviceAt(history, address);
  const isRefused = refused.has(address);
  const places = [...refused.keys()].map(placeOf);
  return {
    target: `users → ${service ? `${service.name} (${address})` : address}`,
    raise: isRefused && isStopped(views, service),
    clear: !isRefused && (groups.get(address) ?? []).some((view) => view.sample.phases.connect !== null),
    title: titleOf(
      service && isGone(service) ? `${service.name} has stopped` : undefined,
      address,
      refused.size,
    ),
    severity: 'critical',
    base: 0.4,
    evidence: evidenceOf(history, { address, views, service, isRefused }),
    ruledOut: [
      ...(isRefused ? [notHung(views)] : []),
      ...ruledOut(history, [
        'traffic-spike',
        'resolver-dead',
        'name-missing',
        'database-down',
        'database-connections',
      ]),
    ],
    fix: [
      ...startFixes(history, refused.size > 0 ? [...refused.keys()] : [address]),
      {
        when: 'later',
        text: 'a supervisor that restarts it (systemd Restart=on-failure)',
      },
      { when: 'later', text: 'several replicas, and a health check that takes a dead one out' },
    ],
    story: [
      ...story(views, address, service),
      ...[...refused]
        .filter(([other]) => other !== address)
        .slice(0, 2)
        .map(([other, its]) => `so does ${other}: ${names(its)}`),
    ],
    since: earliest(...views.map((view) => view.failingSince)),
    reach: { reaches: places, seenAt: places },
  };
}

/** Addresses whose newest run was refused just now; an older refusal may be of a restart that is over. */
function refusedAddresses(
  history: History,
  groups: ReadonlyMap<string, readonly TargetView[]>,
): Map<string, TargetView[]> {
  const fresh = [...groups].filter(([, views]) => {
    const last = views.reduce((newest, view) => (view.at >= newest.at ? view : newest));
    return last.sample.failure?.kind === 'refused' && history.now - last.at <= THRESHOLDS.recentMs;
  });
  const addresses = new Set(fresh.map(([address]) => address));
  return byAddress(failingBy(history, 'refused').filter((view) => addresses.has(view.address)));
}

function titleOf(stopped: string | undefined, address: string, refused: number): string {
  const others = refused > 1 ? ` and ${refused - 1} more` : '';
  return stopped
    ? `${stopped}${others && `,${others} refuse as well`}`
    : `Nothing listens at ${address}${others}`;
}

/** One for each address, three at most. */
const startFixes = (history: History, addresses: readonly string[]): Assessment['fix'][number][] =>
  addresses.slice(0, 3).map((address) => {
    const service = serviceAt(history, address);
    return restartFix(service, address, `start ${service?.name ?? `what served ${address}`} again`, true);
  });

function isStopped(views: readonly TargetView[], service: ServiceSample | undefined): boolean {
  const runs = Math.max(...views.map((view) => view.failed));
  return runs >= THRESHOLDS.refusals.value || (service !== undefined && isGone(service));
}

function notHung(views: readonly TargetView[]): Assessment['ruledOut'][number] {
  const runs = plural(Math.max(...views.map((view) => view.failed)), 'run');
  const because = `refused at once (${runs}), not left waiting`;
  return { id: 'service-hung', title: 'a frozen service', because };
}

function story(views: readonly TargetView[], address: string, service: ServiceSample | undefined): string[] {
  const lines = [`${address} refuses every connection: ${names(views)}`];
  if (service) lines.push(`${service.name}: ${processText(service)}`);
  const exit = service && isGone(service) ? service.lastExit : null;
  const killed = exit !== null && exit !== undefined && (exit.code === 137 || exit.signal === 'SIGKILL');
  if (killed) lines.push('who killed it is not recorded; SIGKILL alone does not prove out of memory');
  return lines;
}
