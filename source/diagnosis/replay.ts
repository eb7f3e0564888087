import type { ProbeOutcome } from '../probes/probe.js';
import type { Finding } from '../store/finding.js';
import { Intake } from '../store/intake/intake.js';
import { diagnose, NO_DIAGNOSIS } from './engine.js';
import type { Mode } from './mode.js';

/** Between two looks (ms), as in a live session. */
const TICK_MS = 1000;

/** What the diagnosis said at one moment of a recording. */
export interface ReplayedLook {
  /** Wall-clock ms of the recording. */
  readonly now: number;
  readonly findings: readonly Finding[];
}

/**
 * Judges a recording as it was judged live: each outcome is taken at its own time, and every second of the
 * recording is looked at once. Pure: the same outcomes give the same findings. `overdueMs` is when a probe's sample
 * is stale (ms, by probe id); a recording does not hold it.
 */
export function replay(
  outcomes: readonly ProbeOutcome[],
  modes: readonly Mode[],
  overdueMs?: (id: string) => number,
): ReplayedLook[] {
  const first = outcomes[0];
  if (!first) return [];
  const intake = new Intake(overdueMs);
  const looks: ReplayedLook[] = [];
  let state = NO_DIAGNOSIS;
  const look = (now: number): void => {
    const judged = diagnose(intake.tick(now), modes, state);
    state = judged.state;
    looks.push({ now, findings: judged.findings });
  };
  let next = first.at + TICK_MS;
  for (const outcome of outcomes) {
    for (; next <= outcome.at; next += TICK_MS) look(next);
    intake.take(outcome);
  }
  look(next);
  return looks;
}
