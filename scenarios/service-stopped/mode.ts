import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundListener } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix } from '../../source/diagnosis/facts/context.js';
import { byAddress, failing, failingBy, names, targets } from '../../source/diagnosis/facts/http.js';
import { isGone, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { evidenceOf, type Refusing, THRESHOLDS } from './evidence.js';

/**
 * Nobody listens where users knock: the service's process has ended. The subject is the listener, `host:port` as it is
 * probed, and never its workload: who served an address may not be known any more once it has ended.
 */
export const mode = defineMode({
  id: 'service-stopped',
  called: 'a stopped service',
  scope: 'listener',
  inputs: ['http'],
  // Longer than a restart takes.
  forMs: 3000,
  keepMs: 4000,
  minSamples: THRESHOLDS.refusals.value,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'listen-overflow', 'service-hung'],
  rivals: ['resolver-saturation', 'resolver-dead', 'name-missing', 'database-down', 'database-connections'],
  detect: (history) => refusingNow(history).map(candidate),
  clears(history) {
    const sick = failing(history)[0] ?? targets(history)[0];
    if (!sick) return undefined;
    const service = serviceAt(history, sick.address);
    const { connect } = sick.sample.phases;
    if ((service && isGone(service)) || connect === null || sick.sample.failure?.kind === 'refused')
      return undefined;
    return `${service?.name ?? sick.address} accepts connections in ${duration(connect)}`;
  },
  // What is no longer refused is still stopped until a connection comes about.
  persists(history, { id }) {
    const views = targets(history).filter(({ address }) => address === id);
    return views.length > 0 && views.every(({ sample }) => sample.phases.connect === null);
  },
});

/** Addresses whose newest run was refused just now; an older refusal may be of a restart that is over. */
function refusingNow(history: History): Refusing[] {
  const groups = byAddress(targets(history));
  return [...byAddress(failingBy(history, 'refused'))].flatMap(
    ([address, [first, ...others]]): Refusing[] => {
      const all = groups.get(address) ?? [];
      const last = all.toSorted((a, b) => b.at - a.at)[0];
      const lately = last && history.now - last.at <= THRESHOLDS.refusedLately.value;
      if (!first || !lately || last.sample.failure?.kind !== 'refused') return [];
      const runs = Math.max(first.failed, ...others.map((view) => view.failed));
      return [{ history, address, views: [first, ...others], service: serviceAt(history, address), runs }];
    },
  );
}

function candidate(refusing: Refusing): Candidate {
  const { history, address, views, service, runs } = refusing;
  const gone = service !== undefined && isGone(service);
  const because = `refused at once (${plural(runs, 'run')}), not left waiting`;
  return {
    subject: { kind: 'listener', id: address },
    target: `users → ${service ? `${service.name} (${address})` : address}`,
    raise: true,
    clear: false,
    // A process that is seen to have ended needs no second refusal.
    ...(gone ? {} : { samples: runs }),
    title: gone ? `${service.name} has stopped` : `Nothing listens at ${address}`,
    severity: 'critical',
    evidence: evidenceOf(refusing),
    ruledOut: [{ id: 'service-hung', title: 'a frozen service', because }],
    fix: [
      restartFix(service, address, `start ${service?.name ?? `what served ${address}`} again`, true),
      { when: 'later', text: 'a supervisor that restarts it (systemd Restart=on-failure)' },
      { when: 'later', text: 'several replicas, and a health check that takes a dead one out' },
    ],
    story: story(refusing),
    since: earliest(...views.map((view) => view.failingSince)),
    radius: aroundListener(history, address),
  };
}

function story({ address, views, service }: Refusing): string[] {
  const lines = [`${address} refuses every connection: ${names(views)}`];
  if (!service) return lines;
  lines.push(`${service.name}: ${processText(service)}`);
  const exit = isGone(service) ? service.lastExit : null;
  if (exit?.code === 137 || exit?.signal === 'SIGKILL')
    lines.push('who killed it is not recorded; SIGKILL alone does not prove out of memory');
  return lines;
}
