import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { restartFix } from '../../source/diagnosis/facts/context.js';
import { byAddress, failingBy, names, type TargetView, targets } from '../../source/diagnosis/facts/http.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import {
  isGone,
  isLocal,
  placeOf,
  processText,
  serviceAt,
  splitAddress,
} from '../../source/diagnosis/facts/services.js';
import { plural } from '../../source/diagnosis/facts/text.js';
import { earliest, fresh } from '../../source/diagnosis/facts/values.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';

const THRESHOLDS = {
  /** A refusal older than this says nothing of now: refused runs follow one another every 2 s (ms). */
  recentMs: 5000,
  /** Refusals in a row; one may be a restart. */
  refusals: { value: 2, source: 'connect(2): ECONNREFUSED means nobody listens on that port' },
  process: 'wait(2): how the process ended',
  listener: 'sock_diag(7): LISTEN sockets of this network namespace',
} as const;

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
  const [address, views] = [...refused][0] ?? [...groups][0] ?? [];
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
    evidence: gather(
      refusal(views, isRefused),
      process(history, address, service),
      listener(history, address),
    ),
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
      ...[...refused].slice(1, 3).map(([other, its]) => `so does ${other}: ${names(its)}`),
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

function refusal(views: readonly TargetView[], isRefused: boolean): WeightedEvidence | undefined {
  const first = views[0];
  if (!first || !isRefused) return undefined;
  const { value: runs, source } = THRESHOLDS.refusals;
  const value = `${names(views)}: ${first.sample.failure?.text ?? 'refused'}, ${plural(first.failed, 'run')} in a row`;
  return supports(0.3, { signal: `http.ok{${first.target}}`, value, threshold: `${runs} runs`, source });
}

function process(history: History, address: string, service: ServiceSample | undefined): WeightedEvidence {
  if (!service) {
    const why = history.latest.services
      ? `no service known behind ${address}`
      : 'processes are not watched here';
    return missing('service.up', why, 'how its process ended');
  }
  const row = {
    signal: `service.up{${service.name}}`,
    value: processText(service),
    threshold: 'running',
    source: THRESHOLDS.process,
  };
  return isGone(service) ? supports(0.25, row) : refutes(0.1, row);
}

function listener(history: History, address: string): WeightedEvidence | undefined {
  const sockets = fresh(history.latest.sockets);
  if (!sockets || !isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  const open = sockets.listeners.find((queue) => queue.port === port);
  const row = { signal: 'sockets.LISTEN', threshold: 'a listener', source: THRESHOLDS.listener };
  return open
    ? refutes(0.15, { ...row, value: `somebody listens on port ${port}` })
    : supports(0.1, { ...row, value: `no listener on port ${port}` });
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
