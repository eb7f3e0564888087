import { suggestion } from './nearest.js';
import type { OptionSpec } from './options.js';
import { UsageError } from './usage-error.js';

const LABS = ['embedded', 'docker'] as const;
/** The Swarm lab holds one service, and no demonstration. */
export const SWARM_LAB = 'swarm';

export const labOption: OptionSpec = {
  value: 'embedded|docker',
  help: 'where the lab runs (default embedded: child processes, no Docker, no root)',
  example: 'embedded',
};

/** Why the lab that was asked for cannot be had, or undefined when it can. Throws UsageError for a lab unheard of. */
export function unavailableLab(lab = 'embedded'): string | undefined {
  if (!(LABS as readonly string[]).includes(lab))
    throw new UsageError(`unknown lab ${lab}${suggestion(lab, LABS)}`);
  return lab === 'docker'
    ? 'the Docker lab is not available in this version yet: --lab embedded needs no Docker'
    : undefined;
}
