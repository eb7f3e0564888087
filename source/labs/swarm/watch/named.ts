import type { Finding } from '../../../store/finding.js';
import type { Stage } from '../experiment.js';

/** Findings of the service that stand for themselves, most likely first. Others of this host are not its business. */
export function findingsOf({ store, lab }: Stage): readonly Finding[] {
  const own = `${lab.service.name}.`;
  return store
    .getState()
    .findings.filter(
      ({ state, severity, explainedBy, target, title }) =>
        state !== 'pending' &&
        severity !== 'notice' &&
        explainedBy === null &&
        (target.includes(own) || title.includes(own)),
    );
}
