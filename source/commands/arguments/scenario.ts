import type { FailureMode } from '../../../scenarios/failure-mode.js';
import { suggestion } from './nearest.js';
import { UsageError } from './usage-error.js';

/** The failure mode of an id as it was typed. Throws UsageError with the nearest id when there is none. */
export async function parseScenario(id: string): Promise<FailureMode> {
  const { failureModes, findMode, namesOf } = await import('../../../scenarios/index.js');
  const mode = findMode(id);
  if (mode) return mode;
  throw new UsageError(`unknown scenario ${id}${suggestion(id, failureModes.flatMap(namesOf))}`);
}

/** A failure in one of its forms: `partition:one-way`; without a form the mode's first one. */
export interface ScenarioForm {
  /** As it was typed. */
  readonly id: string;
  readonly mode: FailureMode;
  readonly variant: string | undefined;
}

/** The same with the form after a colon. Throws UsageError with the forms that there are. */
export async function parseScenarioForm(id: string): Promise<ScenarioForm> {
  const [name = '', variant] = id.split(/:(.*)/s);
  const mode = await parseScenario(name);
  const forms = (mode.causes.docker ?? []).flatMap((cause) => cause.variant ?? []);
  if (variant !== undefined && !forms.includes(variant))
    throw new UsageError(
      forms.length === 0
        ? `${name} has one form only: faultline run ${name}`
        : `unknown form ${id}${suggestion(variant, forms)}; ${name} has: ${forms.map((form) => `${name}:${form}`).join(', ')}`,
    );
  return { id, mode, variant };
}
