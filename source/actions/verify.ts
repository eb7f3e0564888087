import { setTimeout as sleep } from 'node:timers/promises';
import type { VerifyCheck } from '../store/state.js';
import type { Action } from './action.js';
import { isGood } from './burst.js';
import { loadTarget } from './load/loopback.js';
import { sendRequest } from './load/request.js';
import { CHECKS, type Check, type CheckContext, type CheckVerdict } from './verify/checks.js';

export interface VerifyOptions {
  /** `http://127.0.0.1:PORT`. */
  readonly baseUrl: string;
  /** Milliseconds for each request (default 5,000). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** One of the checks writes a todo, so a host that is not this one must be allowed. */
  readonly allowRemote?: boolean;
  /** What is checked once those of the document have passed; left waiting when one of them failed. */
  readonly validation?: readonly Check[];
  /** Called with all checks after each change. */
  readonly onUpdate?: (checks: readonly VerifyCheck[]) => void;
}

/**
 * Replays the recovery verification of the Container Networking Exhaustion document: `GET /`, `GET /test-db`,
 * `GET /todos`, `POST /todos` and reading it back, then what else is to be validated. All checks of the document run,
 * whatever the ones before them gave; each request is bounded by `timeoutMs`. Rejects only when the URL is not allowed.
 */
export async function verifyRecovery(options: VerifyOptions): Promise<readonly VerifyCheck[]> {
  const base = loadTarget(options.baseUrl, options.allowRemote);
  const all = [...CHECKS, ...(options.validation ?? [])];
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
    send: (path, init = {}) =>
      sendRequest({
        url: new URL(path, base).href,
        timeoutMs: options.timeoutMs ?? 5000,
        signal: options.signal,
        ...init,
      }),
    isGood,
  };
  for (const [i, { name, run }] of all.entries()) {
    if (i >= CHECKS.length && checks.some(({ state }) => state === 'failed')) break;
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
}

/** Between two replays (ms). */
const AGAIN_MS = 1000;
/** What the validation may take on a system that has just answered well (ms). */
const VALIDATION_MS = 30_000;

/** The verification as an action; ok when every check passed. */
export function createVerify(options: VerifyActionOptions): Action {
  const timeoutMs = options.timeoutMs ?? 5000;
  const patienceMs = options.patienceMs ?? 0;
  return {
    name: 'verify',
    title: 'recovery verification',
    touches: `reads ${options.baseUrl} and writes one todo to it`,
    // One check of the document sends two requests, the others one.
    deadlineMs:
      patienceMs + timeoutMs * (CHECKS.length + 1) + (options.validation ? VALIDATION_MS : 0) + 5000,
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
      const began = performance.now();
      let checks = await once();
      while (!allPassed(checks) && performance.now() - began < patienceMs && !context.signal.aborted) {
        await sleep(AGAIN_MS, undefined, { signal: context.signal }).catch(() => undefined);
        checks = await once();
      }
      return { ok: allPassed(checks), text: verifyText(checks), rows: rowsOf(checks) };
    },
  };
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
