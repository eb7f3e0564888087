import { defineMode } from '../../source/diagnosis/define-mode.js';
import { isLocal } from '../../source/diagnosis/facts/addresses.js';
import { aroundListener } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix } from '../../source/diagnosis/facts/context.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failing, names, targets } from '../../source/diagnosis/facts/http.js';
import { isGone, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { downUnits, placesOfUnit, unitFixes, unitTitle } from '../../source/diagnosis/facts/units.js';
import { type Unreached, unreached } from '../../source/diagnosis/facts/unreached.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { duration, plural } from '../../source/terminal/format.js';
import { evidenceOf, THRESHOLDS } from './evidence.js';
import { refusedCandidates } from './refused.js';
import { unitCandidates } from './units.js';

/**
 * Nobody listens where users knock: the service's process has ended. The subject is the listener, `host:port` as it is
 * probed, and never its workload: who served an address may not be known any more once it has ended. A service of
 * systemd that is down, or ends again and again, and at which nobody knocks is a subject itself; and so is a port that
 * others are seen to ask for in vain.
 */
export const mode = defineMode({
  id: 'service-stopped',
  called: 'a stopped service',
  scope: 'listener',
  inputs: [['http', 'sockets', 'units']],
  // Longer than a restart takes.
  forMs: 3000,
  keepMs: 4000,
  minSamples: THRESHOLDS.refusals.value,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'listen-overflow', 'service-hung'],
  rivals: ['resolver-saturation', 'resolver-dead', 'name-missing', 'database-down', 'database-connections'],
  detect(history) {
    const all = unreached(history, THRESHOLDS);
    const units = unitCandidates(history, all);
    const ofUnits = downUnits(history).flatMap(({ ports }) => ports.map((port) => `127.0.0.1:${port}`));
    const told = [...all.map(({ address }) => address), ...ofUnits];
    return [...all.map(candidate), ...units, ...refusedCandidates(history, told)];
  },
  clears(history) {
    const all = [...failing(history), ...targets(history)];
    const accepting = all.map(({ address, sample }) => {
      const service = serviceAt(history, address);
      const { connect } = sample.phases;
      if ((service && isGone(service)) || connect === null || sample.failure?.kind === 'refused')
        return undefined;
      return `${service?.name ?? address} accepts connections in ${duration(connect)}`;
    });
    // One address that takes none leaves the suspicion standing, whoever else takes them.
    return accepting.every((text) => text !== undefined) ? accepting[0] : undefined;
  },
});

function candidate(one: Unreached): Candidate {
  const { history, address, refused, service, unit, runs } = one;
  const gone = service !== undefined && isGone(service);
  const because = `refused at once (${plural(runs, 'run')}), not left waiting`;
  return {
    subject: { kind: 'listener', id: address },
    target: `clients → ${service || unit ? `${service?.name ?? unit?.name} (${address})` : address}`,
    raise: refused.length > 0,
    // A process that is seen to have ended needs no second refusal.
    ...(gone || unit?.unit ? {} : { samples: runs }),
    title: titleOf(one, gone),
    severity: 'critical',
    evidence: evidenceOf(one),
    ruledOut: refused.length > 0 ? [{ id: 'service-hung', because }] : [],
    fix: [
      ...(unit
        ? unitFixes(unit)
        : [restartFix(service, address, `start ${service?.name ?? `what served ${address}`} again`, true)]),
      later('a supervisor that restarts it (systemd Restart=on-failure)'),
      later('several replicas, and a health check that takes a dead one out'),
    ],
    explanation: explanation(one),
    since: earliest(unit?.unit?.endedAt, ...refused.map((view) => view.failingSince)),
    radius: [...aroundListener(history, address), ...(unit ? placesOfUnit(unit) : [])],
  };
}

/** Of another machine only the refusal is seen. */
function titleOf({ address, service, unit }: Unreached, gone: boolean): string {
  if (gone && service) return `${service.name} has stopped`;
  if (unit) return `${unitTitle(unit)}: nothing listens at ${address}`;
  return service || isLocal(address)
    ? `Nothing listens at ${address}`
    : `${address} refuses every connection: nothing listens there, or a firewall rejects it`;
}

function explanation({ address, refused, service }: Unreached): string[] {
  const lines = refused.length > 0 ? [`${address} refuses every connection: ${names(refused)}`] : [];
  if (!service) return lines;
  lines.push(`${service.name}: ${processText(service)}`);
  const exit = isGone(service) ? service.lastExit : null;
  if (exit?.code === 137 || exit?.signal === 'SIGKILL')
    lines.push('who killed it is not recorded; SIGKILL alone does not prove out of memory');
  return lines;
}
