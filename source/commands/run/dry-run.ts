import { failureModes } from '../../../scenarios/index.js';
import type { FaultSpec } from '../../faults/fault-spec.js';
import type { LabNames } from '../../labs/lab.js';
import { type LabKind, labTitle } from '../arguments/lab-option.js';
import type { ScenarioForm } from '../arguments/scenario.js';
import { type CommandIo, EXIT } from '../command.js';
import { injectWords } from '../inject/parse-fault.js';
import { Refused } from '../refused.js';

/** A failure that a run would cause, and how it would be rolled back. */
interface Planned {
  readonly id: string;
  readonly title: string;
  readonly causes: string;
  readonly ends: string;
  readonly faults: readonly FaultSpec[];
  /** Besides the faults: requests that are sent. */
  readonly load: boolean;
}

/** The lab before it is there: its containers by the names of their parts. */
const onPaper: LabNames = {
  network: '<network of the lab>',
  container: (name) => `<lab>-${name}`,
  addressOf: (name) => `<address of ${name}>`,
};

/** Prints what a run would cause, in order; starts and writes nothing. Resolves to the exit code. */
export function dryRunOnLab(options: {
  readonly lab: LabKind;
  readonly one: ScenarioForm | undefined;
  readonly json: boolean;
  readonly io: CommandIo;
}): number {
  const { lab, one, json, io } = options;
  const all = planned(lab);
  const found = one ? all.filter((each) => isMeant(each, one)).slice(0, 1) : all;
  if (found.length === 0)
    throw new Refused(`${one?.id} cannot be caused on ${labTitle(lab)}`, EXIT.unavailable);
  if (json) io.json({ dryRun: true, lab, scenarios: found });
  else io.print(text(lab, found));
  return EXIT.ok;
}

/** Whether it is what was asked for: in the form that was named, else in any. */
const isMeant = ({ id }: Planned, { mode, variant }: ScenarioForm): boolean => {
  const name = mode.demonstration?.id ?? mode.id;
  return variant === undefined ? id === name || id.startsWith(`${name}:`) : id === `${name}:${variant}`;
};

function planned(lab: LabKind): readonly Planned[] {
  return failureModes.flatMap(({ causes, demonstration, ...mode }) => {
    const { id, title } = demonstration ?? mode;
    if (lab === 'embedded') {
      const cause = causes.embedded;
      if (!cause) return [];
      const { describe, undoDescribe } = cause;
      return [{ id, title, causes: describe, ends: undoDescribe, faults: [], load: false }];
    }
    return (causes.docker ?? []).map((cause) => ({
      id: cause.variant === undefined ? id : `${id}:${cause.variant}`,
      title,
      causes: cause.describe,
      ends: cause.undoDescribe,
      faults: cause.faults(onPaper),
      load: cause.load !== undefined,
    }));
  });
}

function text(lab: LabKind, found: readonly Planned[]): string {
  return [
    `Dry run: nothing is started, nothing is written. It would start ${labTitle(lab)}, wait until all is well, and then:`,
    ...found.flatMap(({ id, title, causes, ends, faults, load }) => [
      '',
      `${id}  ${title}`,
      `  causes   ${causes}`,
      ...faults.map((spec) => `           faultline inject ${injectWords(spec).join(' ')}`),
      ...(load ? ['           and requests to the application, bounded in number and time'] : []),
      `  ends     ${ends}`,
    ]),
    ...(found.some(({ faults }) => faults.length > 0)
      ? ['', 'Each of these commands with --dry-run tells its reads and steps, once the lab runs.']
      : []),
  ].join('\n');
}
