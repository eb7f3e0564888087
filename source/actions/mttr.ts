import type { Outage } from '../store/state.js';

/** How long each part of an outage took, ms; null for a part whose two marks are not both known. */
export interface OutageParts {
  /** Trigger to the first failing probe. */
  readonly toSymptom: number | null;
  /** First symptom to the first finding that fired. */
  readonly toName: number | null;
  /** Name to the fix; from the symptom when it was fixed before it was named. */
  readonly toFix: number | null;
  /** Fix to the verification that passed; from the symptom when it healed by itself. */
  readonly toVerified: number | null;
  /** Mean time to recovery as it is clocked: first symptom to verified. */
  readonly mttr: number | null;
}

/** The parts of an outage. Marks that came in another order than usual give a part of 0, never a negative one. */
export function outageParts(outage: Outage): OutageParts {
  const { triggeredAt, symptomAt, namedAt, fixedAt, verifiedAt } = outage;
  return {
    toSymptom: between(triggeredAt, symptomAt),
    toName: between(symptomAt, namedAt),
    toFix: between(namedAt ?? symptomAt, fixedAt),
    toVerified: between(fixedAt ?? symptomAt, verifiedAt),
    mttr: between(symptomAt, verifiedAt),
  };
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}

/** "840 ms", "12.3 s", "2 min 05 s"; "unknown" for null. */
export function formatMs(ms: number | null): string {
  if (ms === null) return 'unknown';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** One line: "to symptom 1.2 s, to name 8.0 s, to fix 15.2 s, to verified 7.1 s; down for 30.3 s". */
export function formatOutage(outage: Outage): string {
  const parts = outageParts(outage);
  const told = (
    [
      ['to symptom', parts.toSymptom],
      ['to name', parts.toName],
      ['to fix', parts.toFix],
      ['to verified', parts.toVerified],
    ] as const
  ).flatMap(([label, ms]) => (ms === null ? [] : [`${label} ${formatMs(ms)}`]));
  const down = parts.mttr === null ? 'not recovered yet' : `down for ${formatMs(parts.mttr)}`;
  return told.length > 0 ? `${told.join(', ')}; ${down}` : down;
}
