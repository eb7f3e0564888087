import type { Candidate, Mode } from './mode.js';
import { placeOfSubject } from './places.js';
import { scoreOf } from './score.js';
import type { Extent, Seen, SubjectState } from './state.js';

/** The part of a mode that its life depends on. */
export type Pace = Pick<Mode, 'id' | 'forMs' | 'keepMs' | 'base' | 'minSamples'>;

/** Whether the pattern is there, and on enough readings. */
export const isRaised = (candidate: Candidate, { minSamples }: Pick<Mode, 'minSamples'>): boolean =>
  candidate.raise && (candidate.samples ?? minSamples) >= minSamples;

/**
 * One step in the life of what a mode says of a subject: inactive → pending → firing → resolving → gone, as
 * Prometheus' alerts do with `for` and `keep_firing_for`. Between `raise` and `clear` nothing moves: a pending one
 * starts its wait again, a firing one keeps firing. `heldBack` keeps a pending one from firing while its likely cause
 * is about to be named. Undefined means inactive.
 */
export function advance(
  before: SubjectState | undefined,
  candidate: Candidate,
  mode: Pace,
  now: number,
  heldBack = false,
): SubjectState | undefined {
  const raised = isRaised(candidate, mode);
  if (!before) return raised ? begin(candidate, mode, now, heldBack) : undefined;
  const seen = raised
    ? seenIn(candidate, mode)
    : { ...before.seen, severity: milder(before.seen, candidate) };
  const extent = raised ? extentOf(candidate) : before.extent;
  if (before.phase === 'pending') return wait({ ...before, seen, extent }, candidate, mode, now, heldBack);
  // What comes back together with a cause that is about to be named waits for it, as a new one would.
  if (before.phase === 'resolving' && heldBack && !candidate.clear)
    return { ...before, seen, extent, clearedAt: now };
  if (!candidate.clear) return { ...before, seen, extent, phase: 'firing', clearedAt: null };
  return goingAway({ ...before, seen, extent }, mode, now);
}

/** One step of what is no candidate any more: it goes away, unless it `persists`. */
export function withoutCandidate(
  before: SubjectState,
  mode: Pace,
  now: number,
  persists: boolean,
): SubjectState | undefined {
  if (before.phase === 'pending') return persists ? { ...before, raisedAt: null } : undefined;
  return persists ? { ...before, phase: 'firing', clearedAt: null } : goingAway(before, mode, now);
}

function goingAway(before: SubjectState, { keepMs }: Pace, now: number): SubjectState | undefined {
  // A wall clock that was set back must not keep a finding alive: the wait starts again.
  const clearedAt = before.clearedAt === null || before.clearedAt > now ? now : before.clearedAt;
  return now - clearedAt >= keepMs ? undefined : { ...before, phase: 'resolving', clearedAt };
}

/** Between `raise` and `clear` a finding says what it said, and may get milder. */
const milder = (before: Seen, { severity }: Candidate): Seen['severity'] =>
  severity === 'notice' ? severity : before.severity;

const seenIn = (candidate: Candidate, { base }: Pace): Seen => ({
  title: candidate.title,
  target: candidate.target,
  severity: candidate.severity,
  score: scoreOf(candidate.base ?? base, candidate.evidence),
});

/** Where a candidate reaches and shows; what it does not say is no wider than its subject. */
export function extentOf(candidate: Candidate): Extent {
  const own = placeOfSubject(candidate.subject);
  return {
    radius: candidate.radius ?? [own],
    seenAt: candidate.seenAt ?? [own],
    inherent: candidate.inherent ?? false,
  };
}

function begin(candidate: Candidate, mode: Pace, now: number, heldBack: boolean): SubjectState {
  const since = candidate.since === null ? now : Math.min(candidate.since, now);
  const state: SubjectState = {
    id: mode.id,
    subject: candidate.subject,
    phase: 'pending',
    raisedAt: now,
    clearedAt: null,
    since,
    namedAt: null,
    seen: seenIn(candidate, mode),
    extent: extentOf(candidate),
  };
  return wait(state, candidate, mode, now, heldBack) ?? state;
}

function wait(
  before: SubjectState,
  candidate: Candidate,
  mode: Pace,
  now: number,
  heldBack: boolean,
): SubjectState | undefined {
  if (!isRaised(candidate, mode)) return candidate.clear ? undefined : { ...before, raisedAt: null };
  const raisedAt = Math.min(before.raisedAt ?? now, now);
  if (heldBack || now - raisedAt < mode.forMs) return { ...before, raisedAt };
  return { ...before, phase: 'firing', raisedAt, namedAt: now };
}
