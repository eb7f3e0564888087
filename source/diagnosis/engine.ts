import type { Finding } from '../store/finding.js';
import type { History } from '../store/history.js';
import { partOf } from './causality.js';
import { advance } from './lifecycle.js';
import { rank } from './ranking.js';
import type { Assessment, Signature } from './signature.js';
import type { DiagnosisState, SignatureState } from './state.js';

export type { DiagnosisState } from './state.js';
export { NO_DIAGNOSIS } from './state.js';

interface Look {
  readonly signature: Signature;
  readonly assessment: Assessment;
}

/**
 * Judges one look at the history: `(history, signatures, state) -> (findings, state)`. Pure: its only clock is
 * `history.now`, so a recording replays to the same findings. Never throws: a signature that does is as good as
 * one whose sources were never read. Findings come causes first, most confident first, explained ones after
 * their cause.
 */
export function diagnose(
  history: History,
  signatures: readonly Signature[],
  previous: DiagnosisState,
): { findings: readonly Finding[]; state: DiagnosisState } {
  const looks = signatures.flatMap((signature): Look[] => {
    const assessment = assessSafely(signature, history);
    return assessment ? [{ signature, assessment }] : [];
  });
  const active: Record<string, SignatureState> = {};
  const findings: Finding[] = [];
  for (const look of looks) {
    const { id } = look.signature;
    const heldBack = causeAboutToFire(look, looks, previous, history.now);
    const state = advance(previous.active[id], look.assessment, look.signature, history.now, heldBack);
    if (!state) continue;
    active[id] = state;
    findings.push(toFinding(id, look.assessment, state));
  }
  const causality = new Map(
    signatures.map(({ id, explains }) => [id, { explains, ...active[id]?.reach }] as const),
  );
  return { findings: rank(findings, causality), state: { active } };
}

function assessSafely(signature: Signature, history: History): Assessment | undefined {
  try {
    return signature.assess(history);
  } catch {
    return undefined;
  }
}

/**
 * Whether a cause of this signature is seen and waits for its own `forMs`: naming the symptom a second before its
 * cause would send a person the wrong way. Such a wait is bounded by the cause's `forMs`.
 */
function causeAboutToFire(
  { signature, assessment: symptom }: Look,
  looks: readonly Look[],
  previous: DiagnosisState,
  now: number,
): boolean {
  return looks.some(({ signature: cause, assessment }) => {
    if (cause.id === signature.id || !assessment.raise) return false;
    const causality = { explains: cause.explains, ...assessment.reach };
    if (!partOf(causality, signature.id, symptom.reach ?? {})) return false;
    if (signature.explains.includes(cause.id)) return false;
    const state = previous.active[cause.id];
    if (!state) return cause.forMs > 0;
    return state.phase === 'pending' && now - (state.raisedAt ?? now) < cause.forMs;
  });
}

function toFinding(id: string, assessment: Assessment, state: SignatureState): Finding {
  return {
    id,
    ...state.seen,
    state: state.phase,
    since: state.since,
    namedAt: state.namedAt,
    evidence: assessment.evidence.map(({ weight: _, ...evidence }) => evidence),
    ruledOut: assessment.ruledOut,
    fix: assessment.fix,
    explainedBy: null,
    story: assessment.story,
  };
}
