/** The effect check: the signal that was expected was seen, another one was, or none could be read. */
export interface EffectVerdict {
  readonly verdict: 'Confirmed' | 'Mismatch' | 'Inconclusive';
  /** What was measured, with its figure: "connect 0.3 → 201 ms", "412 packets dropped by the rule". */
  readonly signal: string;
}

export const confirmed = (signal: string): EffectVerdict => ({ verdict: 'Confirmed', signal });
export const mismatch = (signal: string): EffectVerdict => ({ verdict: 'Mismatch', signal });
export const inconclusive = (signal: string): EffectVerdict => ({ verdict: 'Inconclusive', signal });
