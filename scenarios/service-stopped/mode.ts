import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundListener } from '../../source/diagnosis/facts/blast-radius.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import {
  refusedPortRows,
  troubledUnitRows,
  unreachedRows,
} from '../../source/diagnosis/facts/listener-rows.js';
import {
  aroundRefused,
  type RefusedPort,
  refusedFix,
  refusedServers,
} from '../../source/diagnosis/facts/refused-ports.js';
import {
  type TroubledUnit,
  troubledText,
  troubledUnits,
} from '../../source/diagnosis/facts/troubled-units.js';
import { downUnits, healFix, placesOfUnit, unitFixes } from '../../source/diagnosis/facts/units.js';
import {
  type Unreached,
  unreached,
  unreachedFixes,
  unreachedLines,
  unreachedText,
} from '../../source/diagnosis/facts/unreached.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import { acceptingText } from '../../source/diagnosis/facts/well-listeners.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

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
    const units = troubledUnits(history, new Set(all.flatMap(({ unit }) => unit?.name ?? [])), THRESHOLDS);
    const ofUnits = downUnits(history).flatMap(({ ports }) => ports.map((port) => `127.0.0.1:${port}`));
    const told = [...all.map(({ address }) => address), ...ofUnits];
    const others = refusedServers(history, THRESHOLDS, told);
    return [...all.map(ofTargets), ...units.map(ofUnit), ...others.map((one) => ofOthers(history, one))];
  },
  clears: acceptingText,
});

const SUPERVISOR = later('a supervisor that restarts it (systemd Restart=on-failure)');

/** An address that targets lead to. */
function ofTargets(one: Unreached): Candidate {
  const { history, address, refused, service, unit, runs, gone } = one;
  const name = service?.name ?? unit?.name;
  const because = `refused at once (${plural(runs, 'run')}), not left waiting`;
  return {
    subject: { kind: 'listener', id: address },
    target: `clients → ${name === undefined ? address : `${name} (${address})`}`,
    raise: refused.length > 0,
    // A process that is seen to have ended needs no second refusal.
    ...(gone || unit?.unit ? {} : { samples: runs }),
    title: unreachedText(one),
    severity: 'critical',
    evidence: unreachedRows(one, THRESHOLDS),
    ruledOut: refused.length > 0 ? [{ id: 'service-hung', because }] : [],
    fix: [
      ...unreachedFixes(one),
      SUPERVISOR,
      later('several replicas, and a health check that takes a dead one out'),
    ],
    explanation: unreachedLines(one),
    since: earliest(unit?.unit?.endedAt, ...refused.map((view) => view.failingSince)),
    radius: [...aroundListener(history, address), ...(unit ? placesOfUnit(unit) : [])],
  };
}

/** A service of systemd; one that nobody misses is worth a line and no alarm. */
function ofUnit(one: TroubledUnit): Candidate {
  const { name, unit, ports } = one;
  return {
    subject: { kind: 'workload', id: name },
    target: ports.length > 0 ? `${name} (port ${ports.join(', ')})` : name,
    raise: true,
    title: one.title,
    severity: one.felt ? 'critical' : one.wanted ? 'warning' : 'notice',
    evidence: troubledUnitRows(one, THRESHOLDS),
    fix: [...unitFixes(one), ...healFix(unit)],
    explanation: [troubledText(one)],
    since: unit?.endedAt ?? null,
    radius: one.radius,
  };
}

/** A port that others ask for in vain and no target leads to: on the host, or in a container that runs. */
function ofOthers(history: History, one: RefusedPort): Candidate {
  const { address, service, askers, attempts } = one;
  const who = askers.slice(0, 3).join(', ');
  const radius = aroundRefused(history, one);
  const { targets, any } = failingAt(history, radius);
  return {
    subject: { kind: 'listener', id: address },
    target: `${who} → ${service ? `${service.name} (${address})` : address}`,
    raise: true,
    title: `Nothing listens at ${address}${service ? ` in ${service.name}, which runs` : ''}: ${who} asks for it in vain`,
    severity: any ? 'critical' : 'warning',
    evidence: refusedPortRows(one, targets, THRESHOLDS),
    ruledOut: [{ id: 'service-hung', because: 'refused at once, not left waiting' }],
    fix: [refusedFix(one), SUPERVISOR],
    explanation: [
      `${who}: ${plural(attempts, 'connection')} to ${address} refused, and nobody listens there`,
    ],
    since: one.since,
    radius,
  };
}
