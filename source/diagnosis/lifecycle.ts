import { confidenceOf } from './confidence.js';
import type { Assessment, Reach, Signature } from './signature.js';
import type { Seen, SignatureState } from './state.js';

/**
 * One step of a signature's life: inactive → pending → firing → resolving → gone, as Prometheus' alerts do with
 * `for` and `keep_firing_for`. Between `raise` and `clear` nothing moves: a pending one starts its wait again, a
 * firing one keeps firing. `heldBack` keeps a pending one from firing while its likely cause is about to be named.
 * Undefined means inactive.
 */
export function advance(
  before: SignatureState | undefined,
  assessment: Assessment,
  signature: Pick<Signature, 'forMs' | 'keepMs'>,
  now: number,
  heldBack = false,
): SignatureState | undefined {
  if (!before) return assessment.raise ? begin(assessment, signature, now, heldBack) : undefined;
  const seen = assessment.raise ? seenIn(assessment) : before.seen;
  const reach = assessment.raise ? reachOf(assessment) : before.reach;
  if (before.phase === 'pending')
    return wait({ ...before, seen, reach }, assessment, signature, now, heldBack);
  // What comes back together with a cause that is about to be named waits for it, as a new one would.
  if (before.phase === 'resolving' && heldBack && !assessment.clear)
    return { ...before, seen, reach, clearedAt: now };
  if (!assessment.clear) return { ...before, seen, reach, phase: 'firing', clearedAt: null };
  // A wall clock that was set back must not keep a finding alive: the wait starts again.
  const clearedAt = before.clearedAt === null || before.clearedAt > now ? now : before.clearedAt;
  if (now - clearedAt >= signature.keepMs) return undefined;
  return { ...before, seen, reach, phase: 'resolving', clearedAt };
}

const seenIn = (assessment: Assessment): Seen => ({
  title: assessment.title,
  target: assessment.target,
  severity: assessment.severity,
  confidence: confidenceOf(assessment),
});

const reachOf = (assessment: Assessment): Reach => assessment.reach ?? {};

function begin(
  assessment: Assessment,
  signature: Pick<Signature, 'forMs' | 'keepMs'>,
  now: number,
  heldBack: boolean,
): SignatureState {
  const since = assessment.since === null ? now : Math.min(assessment.since, now);
  const state: SignatureState = {
    phase: 'pending',
    raisedAt: now,
    clearedAt: null,
    since,
    namedAt: null,
    seen: seenIn(assessment),
    reach: reachOf(assessment),
  };
  return wait(state, assessment, signature, now, heldBack) ?? state;
}

function wait(
  before: SignatureState,
  assessment: Assessment,
  signature: Pick<Signature, 'forMs' | 'keepMs'>,
  now: number,
  heldBack: boolean,
): SignatureState | undefined {
  if (!assessment.raise) return assessment.clear ? undefined : { ...before, raisedAt: null };
  const raisedAt = Math.min(before.raisedAt ?? now, now);
  if (heldBack || now - raisedAt < signature.forMs) return { ...before, raisedAt };
  return { ...before, phase: 'firing', raisedAt, namedAt: now };
}
