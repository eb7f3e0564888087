import type { Unit } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { plural } from '../../terminal/format.js';
import { outsideContainers } from './blast-radius.js';
import { failingAt } from './failing-at.js';
import {
  type DownUnit,
  downUnits,
  isAskedFor,
  isGivenUp,
  type LoopBounds,
  loopingUnits,
  placesOfUnit,
  unitText,
} from './units.js';

/** A service of systemd that failed, or ends again and again, or is asked for in vain. */
export interface TroubledUnit extends DownUnit {
  /** What systemd says of one that ends again and again. */
  readonly loop: Unit | undefined;
  /** A process of this host asks for one of its ports in vain. */
  readonly asked: boolean;
  /** Where its end can be felt, and whether anything fails there. */
  readonly radius: readonly string[];
  readonly felt: boolean;
  /** Somebody wants it to run: else it is worth a line and no alarm. */
  readonly wanted: boolean;
  /** What became of it. */
  readonly title: string;
}

/** Every one but those `told` of at an address of theirs. */
export function troubledUnits(
  history: History,
  told: ReadonlySet<string>,
  bounds: LoopBounds,
): TroubledUnit[] {
  const down = downUnits(history);
  const loops = loopingUnits(history, bounds);
  const troubled = (one: DownUnit, loop: Unit | undefined): TroubledUnit => {
    const asked = isAskedFor(history, one);
    const radius = [...placesOfUnit(one), ...(asked ? outsideContainers(history) : [])];
    return {
      ...one,
      ...{ loop, asked, radius },
      felt: failingAt(history, radius).any,
      wanted: loop !== undefined || asked || isGivenUp(one.unit, bounds.restartsInLoop.value),
      title: loop ? loopText(one, loop) : unitText(one),
    };
  };
  return [
    ...loops.map((unit) => troubled(down.find(({ name }) => name === unit.name) ?? inBetween(unit), unit)),
    ...down
      .filter(({ name }) => !told.has(name) && !loops.some((unit) => unit.name === name))
      .filter((one) => one.state === 'failed' || isAskedFor(history, one))
      .map((one) => troubled(one, undefined)),
  ];
}

/** One that ends again and again and runs at the moment. */
const inBetween = (unit: Unit): DownUnit => ({ name: unit.name, unit, state: 'restarting', ports: [] });

const loopText = ({ name, unit }: DownUnit, { restarts }: Unit): string =>
  `${name} ends again and again: ${plural(restarts, 'restart')}${unit?.ending ? `, last it ${unit.ending}` : ''}`;

/** The same in a sentence of its own. */
export const troubledText = (one: TroubledUnit): string =>
  one.loop
    ? `systemd has started ${one.name} again ${plural(one.loop.restarts, 'time')} since somebody did (Restart=${one.loop.restartPolicy})`
    : unitText(one);
