import { type Clock, pause } from '../../clock.js';
import { isGood } from '../burst.js';
import { sendRequest } from '../load/request.js';

/** Good answers in a row that count as healed: one lucky answer is none. */
const GOOD_IN_A_ROW = 3;

export interface Healing {
  /** Milliseconds from the first check to the first of three good answers in a row, or null when it did not heal. */
  readonly healedAfterMs: number | null;
  readonly checks: number;
  readonly good: number;
}

export interface HealingOptions {
  readonly url: string;
  /** Checks go on for this long at least; a target that has healed by then is done. */
  readonly restMs: number;
  /** One that has not may take this much longer. */
  readonly graceMs: number;
  readonly checkEveryMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onCheck?: (text: string) => void;
}

/**
 * Sends one GET each `checkEveryMs`, whether or not the ones before it were answered, and says when the target
 * healed. Rejects when the signal aborts. Ends at most `timeoutMs` after the rest and the grace.
 */
export async function watchHealing(options: HealingOptions): Promise<Healing> {
  const { clock } = options;
  const began = clock.now();
  const answers: { readonly sentAt: number; good: boolean | undefined }[] = [];
  const running: Promise<void>[] = [];
  const elapsed = (): number => clock.now() - began;
  const more = (): boolean =>
    elapsed() < options.restMs ||
    (healedAt(answers) === null && elapsed() < options.restMs + options.graceMs);
  while (more()) {
    options.signal.throwIfAborted();
    const answer: (typeof answers)[number] = { sentAt: elapsed(), good: undefined };
    answers.push(answer);
    running.push(
      sendRequest({ url: options.url, timeoutMs: options.timeoutMs, signal: options.signal }).then(
        (result) => {
          answer.good = isGood(result.status);
          options.onCheck?.(result.outcome);
        },
      ),
    );
    await pause(clock, options.checkEveryMs, options.signal);
  }
  await Promise.all(running);
  options.signal.throwIfAborted();
  return {
    healedAfterMs: healedAt(answers),
    checks: answers.length,
    good: answers.filter((answer) => answer.good).length,
  };
}

/** When the first of three good answers in a row was asked for, with none bad after them; null otherwise. */
function healedAt(answers: readonly { readonly sentAt: number; readonly good: boolean | undefined }[]) {
  const ended = answers.filter((answer) => answer.good !== undefined);
  const lastBad = ended.findLastIndex((answer) => !answer.good);
  const after = ended.slice(lastBad + 1);
  return after.length >= GOOD_IN_A_ROW ? (after[0]?.sentAt ?? null) : null;
}
