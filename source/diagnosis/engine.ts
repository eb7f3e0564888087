import { type BlindMode, type Evidence, type FailedRule, type Finding, keyOf } from '../store/finding.js';
import type { History } from '../store/history.js';
import { type Causality, partOf } from './causality.js';
import { inEngineWords } from './engine-words.js';
import { missingInputs } from './inputs.js';
import { advance, extentOf, isRaised, withoutCandidate } from './lifecycle.js';
import { measuredAt } from './measured-at.js';
import type { Candidate, Mode } from './mode.js';
import { rank } from './ranking.js';
import { callingOf, clearing, ruledOut } from './rule-out.js';
import { verdictOf } from './score.js';
import type { DiagnosisState, SubjectState } from './state.js';

export type { DiagnosisState } from './state.js';
export { NO_DIAGNOSIS } from './state.js';

/** What one look at the history comes to. */
export interface Diagnosis {
  /** Causes first, most evidence first, explained ones after their cause. */
  readonly findings: readonly Finding[];
  readonly state: DiagnosisState;
  /** Rules that threw in this look: they said nothing, which is neither well nor sick. */
  readonly failed: readonly FailedRule[];
  /** Modes that cannot be judged here, with the sources that they lack. */
  readonly blind: readonly BlindMode[];
}

/** A mode's candidate in this look, or what it named before and is none now. */
interface Look {
  readonly key: string;
  readonly mode: Mode;
  readonly candidate: Candidate | undefined;
  readonly before: SubjectState | undefined;
}

/**
 * Judges one look at the history: `(history, modes, state) -> (findings, state)`. Each mode is asked for a candidate at
 * every place where it is seen, and each place has a life of its own. Pure: its only clock is `history.now`, so a
 * recording replays to the same findings. Never throws: a rule that does is told as failed, and what it named before is
 * kept in mind until it can be asked again.
 */
export function diagnose(history: History, modes: readonly Mode[], previous: DiagnosisState): Diagnosis {
  const { now } = history;
  const failed: FailedRule[] = [];
  const blind: BlindMode[] = [];
  const fail = (id: string, error: unknown): void => {
    if (!failed.some((one) => one.id === id)) failed.push({ id, reason: reasonOf(error) });
  };
  const active: Record<string, SubjectState> = {};
  const looks = modes.flatMap((mode): Look[] => {
    const held = Object.entries(previous.active).filter(([, one]) => one.id === mode.id);
    const missing = missingInputs(history, mode);
    if (missing.length > 0) blind.push({ id: mode.id, missing });
    try {
      return looksOf(mode, missing.length > 0 ? [] : mode.detect(history), new Map(held));
    } catch (error) {
      fail(mode.id, error);
      for (const [key, state] of held) active[key] = state;
      return [];
    }
  });
  const clear = clearing(history, modes, fail);
  const called = callingOf(modes);
  const raised = looks.filter(({ candidate, mode }) => candidate && isRaised(candidate, mode));
  const findings = looks.flatMap((look): Finding[] => {
    try {
      const state = step(look, raised, history);
      if (!state) return [];
      active[look.key] = state;
      const rivals = look.candidate ? ruledOut(look.mode, look.candidate, state.since, clear, called) : [];
      return [findingOf(history, look, state, rivals)];
    } catch (error) {
      fail(look.mode.id, error);
      if (look.before) active[look.key] = look.before;
      return [];
    }
  });
  const causality = new Map(
    looks.flatMap(({ key, mode }): [string, Causality][] => {
      const state = active[key];
      return state ? [[key, { mode, extent: state.extent }]] : [];
    }),
  );
  const { told, echoes } = withoutEchoes(rank(findings, causality), modes);
  // What is an echo now has to last anew once what it echoes is gone.
  for (const key of echoes) delete active[key];
  return { findings: told, state: { active }, failed, blind };

  function step(look: Look, others: readonly Look[], seen: History): SubjectState | undefined {
    const { mode, candidate, before } = look;
    if (candidate) return advance(before, candidate, mode, now, causeAboutToFire(look, others, now));
    return before && withoutCandidate(before, mode, now, mode.persists?.(seen, before.subject) ?? false);
  }
}

/**
 * Findings without what is left over at places where something is found, or that are linked with one: that is its echo.
 * What may yet be named by its cause is not told either.
 */
function withoutEchoes(
  ranked: readonly Finding[],
  modes: readonly Mode[],
): { readonly told: readonly Finding[]; readonly echoes: readonly string[] } {
  const remainders = new Set(modes.filter(({ remainder }) => remainder).map(({ id }) => id));
  const isLeft = ({ id }: Finding): boolean => remainders.has(id);
  const isEcho = (one: Finding): boolean => isLeft(one) && one.explainedBy !== null;
  return {
    told: ranked.filter((one) => !isEcho(one) && !(isLeft(one) && one.state === 'pending')),
    echoes: ranked.filter(isEcho).map(({ key }) => key),
  };
}

/** A mode's candidates, the first of each subject; and the subjects it named before that are none now. */
function looksOf(
  mode: Mode,
  candidates: readonly Candidate[],
  held: ReadonlyMap<string, SubjectState>,
): Look[] {
  const looks = new Map<string, Look>();
  for (const candidate of candidates) {
    const key = keyOf(mode.id, candidate.subject);
    if (!looks.has(key)) looks.set(key, { key, mode, candidate, before: held.get(key) });
  }
  for (const [key, before] of held)
    if (!looks.has(key)) looks.set(key, { key, mode, candidate: undefined, before });
  return [...looks.values()];
}

/**
 * Whether a cause of this symptom is seen and waits for its own `forMs`: naming the symptom a second before its cause
 * would send a person the wrong way. Such a wait is bounded by the cause's `forMs`.
 */
function causeAboutToFire(look: Look, raised: readonly Look[], now: number): boolean {
  const { mode, candidate, key } = look;
  if (!candidate) return false;
  const symptom = { mode, extent: extentOf(candidate) };
  return raised.some((other) => {
    if (other.key === key || !other.candidate) return false;
    const cause = { mode: other.mode, extent: extentOf(other.candidate) };
    if (!partOf(cause, symptom) || partOf(symptom, cause)) return false;
    const { before } = other;
    if (!before) return other.mode.forMs > 0;
    return before.phase === 'pending' && now - (before.raisedAt ?? now) < other.mode.forMs;
  });
}

function findingOf(
  history: History,
  { key, mode, candidate }: Look,
  state: SubjectState,
  rivals: Finding['ruledOut'],
): Finding {
  const evidence = (candidate?.evidence ?? []).map(
    ({ weight: _, ...row }): Evidence => ({
      ...row,
      at: row.at === undefined ? measuredAt(history, row.signal) : row.at,
    }),
  );
  const { score, ...seen } = state.seen;
  return inEngineWords(history, {
    key,
    id: mode.id,
    subject: state.subject,
    ...seen,
    state: state.phase,
    verdict: verdictOf(score),
    score,
    confidence: score,
    since: state.since,
    namedAt: state.namedAt,
    evidence,
    ruledOut: rivals,
    fix: candidate?.fix ?? [],
    explainedBy: null,
    explanation: candidate?.explanation ?? [],
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
