import type { ProbeOutcome } from '../probes/probe.js';
import type { EventsSample, HttpSample, InsideSample, ServicesSample } from '../probes/samples.js';
import { isCalm } from './inside/calm.js';
import { isFailingLookup } from './inside/onset.js';

/** While all is well the next look is judged no sooner than after so many times what judging took, … */
const COST_FACTOR = 200;
/** … and no later than this (ms): with twenty containers every other look. */
const LONGEST_MS = 2_000;
/** What stands already when we come is judged in every look of this time (ms). */
const BEGINNING_MS = 60_000;

/**
 * When the history is judged: in every look while anything is suspected, when something shows itself, and in the first
 * minute; else as often as it may cost. What creeps up is then named a second later at most.
 */
export class JudgingPace {
  private readonly began: number;
  private judgedAt = Number.NEGATIVE_INFINITY;
  private costMs = 0;
  private hasNews = true;
  private states = '';
  private lastEvent = 0;

  /** `now` is monotonic ms, here and below. */
  constructor(now: number) {
    this.began = now;
  }

  /** Takes in what a probe found. */
  take(outcome: ProbeOutcome): void {
    if (this.isNews(outcome)) this.hasNews = true;
  }

  isDue(now: number): boolean {
    if (this.hasNews || now - this.began < BEGINNING_MS) return true;
    return now - this.judgedAt >= Math.min(this.costMs * COST_FACTOR, LONGEST_MS);
  }

  /** Takes in that it was judged, with what that took; `suspects` when anything is, or may soon be, found. */
  judged(now: number, costMs: number, suspects: boolean): void {
    this.judgedAt = now;
    this.costMs = costMs;
    this.hasNews = suspects;
  }

  private isNews(outcome: ProbeOutcome): boolean {
    if (!outcome.ok) return false;
    const { id, sample } = outcome;
    if (id.startsWith('http:')) return !(sample as HttpSample).ok;
    if (id.startsWith('inside:')) return !isCalm(sample as InsideSample);
    if (id === 'services') return this.haveChanged(sample as ServicesSample);
    if (id === 'events') return this.hasHappened(sample as EventsSample);
    return isFailingLookup(outcome);
  }

  /** Whether a workload came, went, or is in another state than it was. */
  private haveChanged({ services }: ServicesSample): boolean {
    const before = this.states;
    this.states = services
      .map(
        ({ name, state, processState, stopped }) => `${name} ${state} ${processState === 'T'} ${stopped?.by}`,
      )
      .join('\n');
    return this.states !== before;
  }

  private hasHappened({ events }: EventsSample): boolean {
    const before = this.lastEvent;
    this.lastEvent = events.at(-1)?.at ?? before;
    return this.lastEvent !== before;
  }
}
