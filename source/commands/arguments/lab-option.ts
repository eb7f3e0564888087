import type { Lab } from '../../labs/lab.js';
import { suggestion } from './nearest.js';
import type { OptionSpec } from './options.js';
import { UsageError } from './usage-error.js';

export type LabKind = Lab['kind'];

const LABS: readonly LabKind[] = ['embedded', 'docker'];
/** The Swarm lab holds one service, and no demonstration. */
export const SWARM_LAB = 'swarm';

export const labOption: OptionSpec = {
  value: 'embedded|docker',
  help: 'where the lab runs (default embedded: child processes, no Docker, no root)',
  example: 'docker',
};

/** The lab that was asked for. Throws UsageError for one unheard of. */
export function parseLab(lab = 'embedded'): LabKind {
  const kind = LABS.find((one) => one === lab);
  if (kind === undefined) throw new UsageError(`unknown lab ${lab}${suggestion(lab, LABS)}`);
  return kind;
}

/** For a person: `the Docker lab`. */
export const labTitle = (kind: LabKind): string => `the ${kind === 'docker' ? 'Docker' : 'embedded'} lab`;
