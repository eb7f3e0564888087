import type { ProbeOutcome } from '../probes/probe.js';
import type { HttpSample, LogsSample } from '../probes/samples.js';

/** What was seen so long ago (ms) suspects nobody any more. */
const HELD_MS = 15_000;
/** Failure texts by which a database, or the way to it, may be meant. */
const OF_SERVERS = new Set([
  'too-many-connections',
  'connection-refused',
  'connection-reset',
  'connection-timeout',
]);

/** Whether clients meet failures that a server behind them may cause: then those are worth asking that else are not. */
export class Suspicion {
  private why: string | undefined;
  private until = Number.NEGATIVE_INFINITY;

  /** Times are those of the outcomes, wall-clock ms. */
  take(outcome: ProbeOutcome): void {
    if (!outcome.ok) return;
    if (outcome.id.startsWith('http:') && !(outcome.sample as HttpSample).ok)
      this.hold('a target fails', outcome.at);
    if (outcome.id !== 'logs') return;
    const { matches } = outcome.sample as LogsSample;
    const match = matches.find(({ kind, recent }) => recent > 0 && OF_SERVERS.has(kind));
    if (match) this.hold(`${match.service} logs that its connections fail`, outcome.at);
  }

  /** Why, or undefined. */
  at(now: number): string | undefined {
    return now <= this.until ? this.why : undefined;
  }

  private hold(why: string, at: number): void {
    this.why = why;
    this.until = at + HELD_MS;
  }
}
