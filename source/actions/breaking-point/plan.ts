import { type Clock, systemClock } from '../../clock.js';

/** What to load, how, and for how long. Times in ms. */
export interface BreakingPointOptions {
  /** URL that receives the load and the healing checks: `http://127.0.0.1:PORT/todos`. */
  readonly url: string;
  /** Brings the application back after it stopped healing. */
  readonly restart: (signal: AbortSignal) => Promise<void>;
  /** Requests at once of each burst (default 5, 10, 20, 50, 80, 100, 120). */
  readonly bursts?: readonly number[];
  /** Requests at once of each sustained step (default 10, 25, 50). */
  readonly sustained?: readonly number[];
  /** Requests of one sustained step (default 1,000). */
  readonly requests?: number;
  /** A sustained step ends after this long even when requests are left (default 60 s). */
  readonly sustainedMs?: number;
  /** Rest after each step (default 10 s), during which healing is checked. */
  readonly restMs?: number;
  /** How much longer than the rest a step may take to heal before it counts as not healing (default 20 s). */
  readonly graceMs?: number;
  /** How long the target may take to answer after a restart (default 45 s). */
  readonly recoveryMs?: number;
  /** Between two healing checks (default 1 s). */
  readonly checkEveryMs?: number;
  /** How long each client waits (default 5 s). */
  readonly timeoutMs?: number;
  readonly allowRemote?: boolean;
  /** Whose time the rests and checks are. */
  readonly clock?: Clock;
}

export interface BreakingPointPlan extends Required<BreakingPointOptions> {
  /** Bound of the whole, with every step at its longest. */
  readonly longestMs: number;
}

/** The load steps of the Container Networking Exhaustion document: `sleep 10` between bursts, `ab -n 1000`. */
export function planOf(options: BreakingPointOptions): BreakingPointPlan {
  const plan = {
    bursts: [5, 10, 20, 50, 80, 100, 120],
    sustained: [10, 25, 50],
    requests: 1000,
    sustainedMs: 60_000,
    restMs: 10_000,
    // 60 requests at once were measured to heal within 15 s; twice that is no slow healing any more.
    graceMs: 20_000,
    recoveryMs: 45_000,
    checkEveryMs: 1000,
    timeoutMs: 5000,
    allowRemote: false,
    clock: systemClock,
    ...options,
  };
  const rest = plan.restMs + plan.graceMs + plan.timeoutMs;
  const burstsMs = plan.bursts.length * (plan.timeoutMs + rest);
  const sustainedMs = plan.sustained.length * (plan.sustainedMs + plan.timeoutMs + rest);
  const restartsMs = 2 * (30_000 + plan.recoveryMs + plan.timeoutMs);
  return { ...plan, longestMs: burstsMs + sustainedMs + restartsMs };
}
