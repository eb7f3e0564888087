import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { failingTargets } from '../common-thresholds.js';

const EVENTS = {
  unit: '',
  reads: 'no end, or one that was asked for (kill(15) → die → stop)',
  source: 'Docker events: docker kill is kill(9) → die 137, out of memory is oom → die 137 (measured)',
};
const BACK = { unit: 'ms', value: 15_000, source: 'Container Failure Test: back in about 12 s, under 15 s' };

/** Every figure that the end of a container is judged by. */
export const THRESHOLDS = {
  killEvents: { ...EVENTS, weight: 0.35 },
  /** Docker was not asked: a signal from outside, an end of its own. */
  otherEndEvents: { ...EVENTS, weight: 0.25 },
  processRuns: { unit: '', weight: 0.08, reads: 'running', source: 'docker inspect: State' },
  oomKillBeforeEnd: {
    unit: 'kills',
    windowMs: 10_000,
    weight: 0.08,
    reads: 'an oom event or a higher oom_kill',
    source: 'hashicorp/nomad#12735: exit code 137 alone is no proof of OOM',
  },
  stillAway: { ...BACK, weight: 0.04 },
  wasAway: { ...BACK, weight: 0.02 },
  endsInALoop: {
    unit: 'ends',
    value: 3,
    windowMs: 600_000,
    weight: 0.1,
    reads: '3 in 10 min',
    source: 'DIAGNOSIS R22: 3 restarts in 10 min; Coroot: more than 1',
  },
  failingUsers: failingTargets(0.05),
  toldOnceBack: { unit: 'ms', value: 15_000, source: 'our choice: one that is back and missed by nobody' },
  toldWhileFelt: { unit: 'ms', value: 30_000, source: 'our choice: its users still fail, or it is a loop' },
} as const satisfies Thresholds;
