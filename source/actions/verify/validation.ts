import type { MatrixSample } from '../../probes/samples.js';
import type { Recovery } from '../../store/recovery.js';
import type { RequestResult } from '../load/request.js';
import type { Check, CheckContext } from './checks.js';

/**
 * The validation of the Network Failure Scenarios runbook: its connectivity matrix test, its success rate of 20
 * requests, and its ten timed requests. It follows the recovery checks, and is for a system that has passed those.
 */

/** Requests of the success rate, and of the timing: the runbook's own numbers. */
const RATED = 20;
const TIMED = 10;
/** A rate that is bad already is not asked any further. */
const MOST_FAILED = 3;
/**
 * A median beyond both is not as fast as before. The times are our choice: the requests of a run on two shared cores
 * vary by half.
 */
const SLOWER = { times: 1.5, ms: 50 } as const;

/** Every cell of a matrix that was measured for this check must connect. `fresh` gives that matrix, or undefined. */
export const connectivityMatrix = (fresh: () => Promise<MatrixSample | undefined>): Check => ({
  name: 'connectivity matrix',
  async run() {
    const matrix = await fresh();
    const cells = matrix?.cells.filter(({ outcome }) => outcome !== 'unmeasured') ?? [];
    if (!matrix || cells.length === 0) return { passed: false, detail: 'no pair could be measured' };
    const bad = cells.filter(({ outcome }) => outcome !== 'connected');
    const skipped = matrix.cells.length - cells.length;
    const counts = `${cells.length - bad.length} of ${cells.length} pairs connect`;
    const named = bad.slice(0, 3).map(({ source, target, outcome }) => `${source} → ${target} ${outcome}`);
    const left = skipped === 0 ? [] : [`${skipped} could not be measured`];
    return { passed: bad.length === 0, detail: [counts, ...named, ...left].join('; ') };
  },
});

/** What is asked: its name for a person, and where. */
type Request = NonNullable<Recovery['customer']>;

/** "20 of 20 GET /todos succeeded". */
export const successRate = (request: Request): Check => ({
  name: `success rate of ${RATED}`,
  async run(context) {
    const answers = await ask(context, request, RATED, MOST_FAILED);
    const good = answers.filter(({ status }) => context.isGood(status)).length;
    const stopped = answers.length < RATED ? `, and the other ${RATED - answers.length} were not sent` : '';
    return {
      passed: good === RATED,
      detail: `${good} of ${answers.length} ${request.name} succeeded (${Math.round((100 * good) / answers.length)} %)${stopped}`,
    };
  },
});

/** Each of the ten with its milliseconds; their median must be about what it was before (ms), where that is known. */
export const timedRequests = (request: Request, before: () => number | undefined): Check => ({
  name: `${TIMED} timed requests`,
  async run(context) {
    const answers = await ask(context, request, TIMED, 1);
    const failed = answers.find(({ status }) => !context.isGood(status));
    const times = answers.map(({ ms, status }) => (context.isGood(status) ? `${Math.round(ms)}` : 'failed'));
    const median = middle(answers.map(({ ms }) => ms));
    const baseline = before();
    const usual = baseline === undefined ? 'not known' : `${Math.round(baseline)} ms`;
    const slow = baseline !== undefined && median > Math.max(SLOWER.times * baseline, baseline + SLOWER.ms);
    return {
      passed: !failed && !slow,
      detail: `${times.join(' ')} ms; median ${Math.round(median)} ms, before ${usual}${slow ? ': slower' : ''}`,
    };
  },
});

/** Requests one after the other, as the runbook's loops send them; ends early after so many that failed. */
async function ask(
  { send, isGood }: CheckContext,
  { url }: Request,
  count: number,
  mostFailed: number,
): Promise<RequestResult[]> {
  const answers: RequestResult[] = [];
  let failed = 0;
  while (answers.length < count && failed < mostFailed) {
    const answer = await send(url);
    answers.push(answer);
    if (!isGood(answer.status)) failed += 1;
  }
  return answers;
}

/** The middle value, the lower one of two. */
function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
