import { type Clock, pause, systemClock } from '../clock.js';
import type { RecoveryCheck } from '../store/recovery.js';
import type { VerifyCheck } from '../store/state.js';
import type { Action } from './action.js';
import { isGood } from './burst.js';
import { loadTarget } from './load/loopback.js';
import { sendRequest } from './load/request.js';
import { type Check, type CheckContext, type CheckVerdict, checkOf, requestsOf } from './verify/checks.js';

export interface VerifyOptions {
  readonly checks: readonly RecoveryCheck[];
  /** Milliseconds for each request (default 5,000). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** A check may write, so a host that is not this one must be allowed. */
  readonly allowRemote?: boolean;
  /** What is checked once the checks have passed; left waiting when one of them failed. */
  readonly validation?: readonly Check[];
  /** Called with all checks after each change. */
  readonly onUpdate?: (checks: readonly VerifyCheck[]) => void;
}

/**
 * Runs the recovery checks, one after the other, then what else is to be validated. All checks run, whatever the ones
 * before them gave; each request is bounded by `timeoutMs`. Rejects only when a URL is not allowed.
 */
export async function verifyRecovery(options: VerifyOptions): Promise<readonly VerifyCheck[]> {
  for (const { url } of options.checks) loadTarget(url, options.allowRemote);
  const all = [...options.checks.map(checkOf), ...(options.validation ?? [])];
  let checks: readonly VerifyCheck[] = all.map(({ name }) => ({
    name,
    state: 'waiting',
    ms: null,
    detail: '',
  }));
  const put = (i: number, check: VerifyCheck): void => {
    checks = checks.map((old, at) => (at === i ? check : old));
    options.onUpdate?.(checks);
  };
  const context: CheckContext = {
    send: (url, init = {}) =>
      sendRequest({
        url,
        timeoutMs: options.timeoutMs ?? 5000,
        signal: options.signal,
        ...init,
      }),
    isGood,
  };
  for (const [i, { name, run }] of all.entries()) {
    if (i >= options.checks.length && checks.some(({ state }) => state === 'failed')) break;
    put(i, { name, state: 'running', ms: null, detail: '' });
    const began = performance.now();
    const verdict: CheckVerdict = await run(context);
    put(i, {
      name,
      state: verdict.passed ? 'passed' : 'failed',
      ms: performance.now() - began,
      detail: verdict.detail,
    });
  }
  return checks;
}

/** "4 of 4 checks passed". */
export function verifyText(checks: readonly VerifyCheck[]): string {
  const passed = checks.filter((check) => check.state === 'passed').length;
  return `${passed} of ${checks.length} checks passed`;
}

export interface VerifyActionOptions extends Omit<VerifyOptions, 'signal'> {
  /**
   * A verification that fails is replayed until one passes or this long (ms, default 0) is over: after a restart the
   * resolver first drains what was asked before it.
   */
  readonly patienceMs?: number;
  /** Whose time its patience is. */
  readonly clock?: Clock;
}

/** Between two replays (ms). */
const AGAIN_MS = 1000;
/** What the validation may take on a system that has just answered well (ms). */
const VALIDATION_MS = 30_000;

/** The verification as an action; ok when every check passed. */
export function createVerify(options: VerifyActionOptions): Action {
  const timeoutMs = options.timeoutMs ?? 5000;
  const { patienceMs = 0, clock = systemClock } = options;
  const requests = options.checks.reduce((sum, check) => sum + requestsOf(check), 0);
  return {
    name: 'verify',
    title: 'recovery verification',
    touches: touchesOf(options.checks),
    deadlineMs: patienceMs + timeoutMs * requests + (options.validation ? VALIDATION_MS : 0) + 5000,
    async run(context) {
      const once = () =>
        verifyRecovery({
          ...options,
          signal: context.signal,
          onUpdate: (now) => {
            options.onUpdate?.(now);
            const ended = now.filter((check) => check.state === 'passed' || check.state === 'failed').length;
            context.progress({ share: ended / now.length, text: verifyText(now), rows: rowsOf(now) });
          },
        });
      const began = clock.now();
      let checks = await once();
      while (!allPassed(checks) && clock.now() - began < patienceMs && !context.signal.aborted) {
        await pause(clock, AGAIN_MS, context.signal).catch(() => undefined);
        checks = await once();
      }
      return { ok: allPassed(checks), text: verifyText(checks), rows: rowsOf(checks) };
    },
  };
}

/** "reads http://127.0.0.1:5000 and writes one record to it". */
function touchesOf(checks: readonly RecoveryCheck[]): string {
  const origins = [...new Set(checks.map(({ url }) => new URL(url).origin))].join(', ');
  const writes = checks.some(({ expect }) => expect.kind === 'read back');
  return `reads ${origins}${writes ? ' and writes one record to it' : ''}`;
}

const allPassed = (checks: readonly VerifyCheck[]): boolean =>
  checks.every((check) => check.state === 'passed');

function rowsOf(checks: readonly VerifyCheck[]) {
  return checks.map((check) => ({
    label: check.name,
    value: check.ms === null ? check.state : `${check.state} in ${Math.round(check.ms)} ms`,
    ok: check.state === 'passed' ? true : check.state === 'failed' ? false : null,
  }));
}
