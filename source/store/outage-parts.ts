import type { Outage } from './state.js';

/** A part of an outage: between two marks, wall-clock ms; null for one that is not known, or not yet. */
export interface OutagePart {
  readonly title: 'to symptom' | 'to name' | 'to fix' | 'to verified';
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * The parts of an outage: trigger, first symptom, name, fix, verified. What was fixed before it was named counts from
 * its symptom, and so does the end of what healed by itself.
 */
export function outageParts(outage: Outage): readonly OutagePart[] {
  const { triggeredAt, symptomAt, namedAt, fixedAt, verifiedAt } = outage;
  const healed = verifiedAt === null ? null : symptomAt;
  return [
    { title: 'to symptom', from: triggeredAt, to: symptomAt },
    { title: 'to name', from: symptomAt, to: namedAt },
    { title: 'to fix', from: namedAt ?? (fixedAt === null ? null : symptomAt), to: fixedAt },
    { title: 'to verified', from: fixedAt ?? healed, to: verifiedAt },
  ];
}

/** How long a part took (ms); null while one of its marks is not known. Marks in another order than usual give 0. */
export function partMs({ from, to }: OutagePart): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}
