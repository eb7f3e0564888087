import type { Causing } from '../../../scenarios/causing.js';
import type { Finding } from '../../store/finding.js';

/**
 * Where each failure was caused, as names of workloads: those that faults were put on, and the parts that it brought,
 * which were not there before. Empty where it is no one place: load on the whole lab.
 */
export function placesOf(
  causings: readonly Causing[],
  before: readonly string[],
  after: readonly string[],
): readonly (readonly string[])[] {
  const brought = after.filter((name) => !before.includes(name));
  return causings.map(({ touches }) => [...touches, ...(touches.length === 0 ? brought : [])]);
}

/** Whether a finding names one of these workloads, or the group of replicas that it is one of. */
export function findingTells({ title, target, subject }: Finding, names: readonly string[]): boolean {
  const text = `${subject.id} ${target} ${title}`;
  return names.some((name) => text.includes(name) || text.includes(name.replace(/-\d+$/, '')));
}
