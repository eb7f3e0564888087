import { defineMode } from '../../source/diagnosis/define-mode.js';
import { isLocal } from '../../source/diagnosis/facts/addresses.js';
import { aroundListener } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix } from '../../source/diagnosis/facts/context.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { byAddress, failing, names, targets } from '../../source/diagnosis/facts/http.js';
import { isGone, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import {
  type DownUnit,
  downUnitAt,
  downUnits,
  loopingUnits,
  placesOfUnit,
  unitFixes,
} from '../../source/diagnosis/facts/units.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { evidenceOf, THRESHOLDS, type Unreached } from './evidence.js';
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
    const all = unreached(history);
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

/**
 * Addresses whose newest run was refused just now, an older refusal may be of a restart that is over; and those at which
 * no connection comes about: what was stopped still is until one does.
 */
function unreached(history: History): Unreached[] {
  return [...byAddress(targets(history))].flatMap(([address, views]): Unreached[] => {
    const last = views.reduce((newest, view) => (view.at >= newest.at ? view : newest));
    const lately = history.now - last.at <= THRESHOLDS.refusedLately.value;
    // Who listens and is refused has not stopped.
    if (last.sample.failure?.listens) return [];
    const isRefused = lately && last.sample.failure?.kind === 'refused';
    if (!isRefused && views.some(({ sample }) => sample.phases.connect !== null)) return [];
    const refused = isRefused ? views.filter(({ sample }) => sample.failure?.kind === 'refused') : [];
    const runs = Math.max(0, ...refused.map((view) => view.failed));
    const service = serviceAt(history, address);
    const unit = service ? undefined : downUnitAt(history, address);
    // One that ends again and again is told of once, wherever it is missed.
    const loops = unit && loopingUnits(history, THRESHOLDS).some(({ name }) => name === unit.name);
    return loops ? [] : [{ history, address, refused, service, unit, runs }];
  });
}

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

function unitTitle({ name, state, unit }: DownUnit): string {
  if (state === 'failed') return `${name} has failed${unit?.ending ? ` (${unit.ending})` : ''}`;
  if (state === 'restarting') return `${name} ended and waits for its next start`;
  return state === 'stopped' ? `${name} does not run` : `${name} does not listen any more`;
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
