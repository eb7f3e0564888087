import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import {
  besides,
  type DownUnit,
  downUnits,
  healFix,
  isAskedFor,
  isGivenUp,
  loopingUnits,
  placesOfUnit,
  unitFixes,
  unitText,
} from '../../source/diagnosis/facts/units.js';
import type { Unreached } from '../../source/diagnosis/facts/unreached.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Unit } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { THRESHOLDS, unitRow } from './evidence.js';

/**
 * Services of systemd that failed or end again and again, but for those that an address is unreached for. One that
 * nobody misses is worth a line and no alarm.
 */
export function unitCandidates(history: History, unreached: readonly Unreached[]): Candidate[] {
  const told = new Set(unreached.flatMap(({ unit }) => unit?.name ?? []));
  const down = downUnits(history);
  const loops = loopingUnits(history, THRESHOLDS);
  const looping = loops.map((unit) =>
    candidate(history, down.find(({ name }) => name === unit.name) ?? inBetween(unit), unit),
  );
  const failed = down
    .filter(({ name }) => !told.has(name) && !loops.some((unit) => unit.name === name))
    .filter((one) => one.state === 'failed' || isAskedFor(history, one))
    .map((one) => candidate(history, one, undefined));
  return [...looping, ...failed];
}

/** One that ends again and again and runs at the moment. */
const inBetween = (unit: Unit): DownUnit => ({ name: unit.name, unit, state: 'restarting', ports: [] });

function candidate(history: History, one: DownUnit, loop: Unit | undefined): Candidate {
  const { name, unit, ports } = one;
  const asked = isAskedFor(history, one);
  const radius = [...placesOfUnit(one), ...(asked ? outsideContainers(history) : [])];
  const felt = failingAt(history, radius).any;
  const ending = unit?.ending ? `, last it ${unit.ending}` : '';
  return {
    subject: { kind: 'workload', id: name },
    target: ports.length > 0 ? `${name} (port ${ports.join(', ')})` : name,
    raise: true,
    title: loop
      ? `${name} ends again and again: ${plural(loop.restarts, 'restart')}${ending}`
      : unitText(one),
    severity: felt
      ? 'critical'
      : loop || asked || isGivenUp(unit, THRESHOLDS.restartsInLoop.value)
        ? 'warning'
        : 'notice',
    evidence: gather(
      loop ? loopRow(loop) : unitRow(one),
      asked &&
        supports(THRESHOLDS.askedForInVain, {
          signal: 'sockets.edges',
          value: `processes of this host ask for port ${ports.join(', ')} in vain`,
        }),
    ),
    fix: [...unitFixes(one), ...healFix(unit)],
    explanation: [
      loop
        ? `systemd has started ${name} again ${plural(loop.restarts, 'time')} since somebody did (Restart=${loop.restartPolicy})`
        : unitText(one),
    ],
    since: unit?.endedAt ?? null,
    radius,
  };
}

const loopRow = (unit: Unit): WeightedEvidence =>
  supports(THRESHOLDS.restartsInLoop, {
    signal: `unit.restarts{${unit.name}}`,
    reading: unit.restarts,
    value: `${plural(unit.restarts, 'restart')} by systemd, ${unit.state === 'restarting' ? 'and it waits for the next' : 'the last a moment ago'}${besides(unit)}`,
  });
