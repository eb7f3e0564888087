import { type Clock, systemClock } from '../../clock.js';
import { shownUrl } from '../../secrets.js';
import type { Probe, ProbeContext } from '../probe.js';
import type { Attempt } from './attempt.js';
import { endpointOf } from './endpoint.js';
import { HttpError, timeoutIn } from './http-error.js';
import type { Task } from './progress.js';
import { type Environment, wayTo } from './proxy.js';
import { beginFollowing, type RedirectMemory } from './redirects.js';
import type { HttpFailure, HttpSample } from './sample.js';
import { LONGEST_ROUND_MS, mayBeTooLarge, onlyInSmallSegments } from './small-answers.js';

/** A request that was not answered in time stays open this many times as long: its answer may still come. */
const LATE_TIMES = 3;
/** The longest that any answer is waited for (ms); long polls are mostly answered within a minute. */
const LONGEST_WAIT_MS = 60_000;
/** A target is given this many times what its last answer took: slow by design is no failure. */
const PATIENCE_TIMES = 2;
/** A run that looks after a late answer takes no longer than this (ms). */
const LATE_LOOK_MS = 500;
/**
 * Runs are this much apart from the interval, at most: a pace that is a multiple of the load's would meet one and the
 * same of several replicas each time.
 */
const JITTER = 0.15;
/** Steps of the golden ratio fill a range evenly, and need no chance. */
const GOLDEN = 0.618034;
/** While good and failed runs alternate, the share that fails is learnt sooner (ms between runs). */
const QUICK_MS = 400;
/** Whether an answer that stops comes in small segments is tried again after so long (ms). */
const SMALL_AGAIN_MS = 60_000;
/** Runs that are looked at to see whether they alternate, and how many quick ones follow at most. */
const RECENT_RUNS = 16;
const MOST_QUICK_RUNS = 30;

export interface HttpProbeOptions {
  /** Short name: `GET /todos`. */
  readonly target: string;
  /** `http:`, `https:`, `unix:` (a socket in the file system) or `tcp:` (a connection, and nothing sent). */
  readonly url: string;
  /** An authority (PEM) that vouches for it besides those that this host trusts. */
  readonly ca?: string;
  readonly method?: string;
  /** Milliseconds for the whole request, names included; 5,000 by default. */
  readonly timeoutMs?: number;
  /** `address:port` of the DNS server to ask; the system's otherwise. */
  readonly resolver?: string;
  readonly intervalMs?: number;
  readonly clock?: Clock;
  /** Where proxies are named; this process' own by default. */
  readonly env?: Environment;
}

/**
 * One request on a fresh connection, each phase timed on its own and every failure explained. Where it redirects to is
 * asked as well, now and then: it fails where that fails, or has no end. A status below 500 is a server that works. A request that is not answered within `timeoutMs` is a failure,
 * and is still waited for, without another one beside it: a late answer is an answer, and teaches how long this target
 * takes. At most one connection is open, and for a moment a second one where an answer stops: whether it comes in small
 * segments. Throws TypeError here for a URL of another kind.
 */
export function createHttpProbe(options: HttpProbeOptions): Probe<HttpSample> {
  const { target, method = 'GET', timeoutMs = 5_000, intervalMs = 2_000, resolver } = options;
  const clock = options.clock ?? systemClock;
  const endpoint = endpointOf(options.url);
  const env = options.env ?? process.env;
  const way = wayTo(endpoint, env);
  const shown = shownUrl(options.url);
  const learnt = {};
  const memory: RedirectMemory = {};
  let waiting: Attempt | undefined;
  let waitMs = LATE_TIMES * timeoutMs;
  let lastGoodMs = 0;
  let recent: readonly boolean[] = [];
  let quick = 0;
  let runs = 0;
  /** The request that may have met packets too large for its way, and whether that is what it was. */
  let suspect: { readonly attempt: Attempt; readonly failure: HttpError } | undefined;
  let onlySmall: HttpFailure['onlySmall'];
  let triedSmallAt = Number.NEGATIVE_INFINITY;

  const patienceMs = (): number =>
    Math.max(timeoutMs, Math.min(LONGEST_WAIT_MS, lastGoodMs > timeoutMs ? PATIENCE_TIMES * lastGoodMs : 0));
  const task = (): Task => ({
    ...{ url: options.url, ca: options.ca, endpoint, way, method },
    ...{ timeoutMs: patienceMs(), resolver, clock, learnt },
  });

  const sampleOf = (attempt: Attempt, failure: HttpError | null, late: boolean): HttpSample => ({
    target,
    url: shown,
    ok: failure === null,
    status: attempt.status,
    failure: failure && {
      ...{ kind: failure.kind, phase: failure.phase, text: failure.message },
      ...(failure.short === undefined ? {} : { short: failure.short }),
      ...(failure.tls === undefined ? {} : { tls: failure.tls }),
      ...(failure.speaks === undefined ? {} : { speaks: failure.speaks }),
      ...(onlySmall && failure.kind === 'timeout' ? { onlySmall } : {}),
    },
    ...(attempt.notes.length > 0 ? { note: attempt.notes.join(', ') } : {}),
    ...(attempt.certificate ? { certificate: attempt.certificate } : {}),
    ...(late ? { late: true } : {}),
    phases: { ...attempt.phases },
    totalMs: attempt.tookMs > 0 ? attempt.tookMs : clock.now() - attempt.began,
    address: attempt.address,
  });

  const conclude = (attempt: Attempt, failure: HttpError | null, late = false): HttpSample => {
    const sample = sampleOf(attempt, failure, late);
    if (!late) recent = [...recent, sample.ok].slice(-RECENT_RUNS);
    quick = !late && alternates(recent) ? quick + 1 : 0;
    if (sample.ok) {
      lastGoodMs = sample.totalMs;
      waitMs = LATE_TIMES * timeoutMs;
      onlySmall = undefined;
    }
    const { address } = attempt;
    const mayBe = !late && failure !== null && mayBeTooLarge(task(), failure, address);
    if (!late || sample.ok) suspect = mayBe ? { attempt, failure } : undefined;
    return sample;
  };

  /** What an attempt came to within `ms`; undefined where it is still under way. */
  const within = async (
    attempt: Attempt,
    ms: number,
    signal: AbortSignal,
  ): Promise<HttpError | null | undefined> => {
    let timer: object | undefined;
    const quit = new AbortController();
    const aborted = new Promise<undefined>((done) => {
      signal.addEventListener('abort', () => done(undefined), { once: true, signal: quit.signal });
      timer = clock.setTimeout(() => done(undefined), ms);
    });
    try {
      const ended = await Promise.race([attempt.over, aborted]);
      if (signal.aborted) attempt.stop(new HttpError('timeout', attempt.phase, 'stopped'));
      signal.throwIfAborted();
      return ended;
    } finally {
      quit.abort();
      clock.clearTimeout(timer);
    }
  };

  /** Looks after the request that was not answered in time: a sample, or undefined where it is time to ask anew. */
  const lookAfter = async (late: Attempt, signal: AbortSignal): Promise<HttpSample | undefined> => {
    const ended = await within(late, LATE_LOOK_MS, signal);
    // One that failed in the end was asked of a server that is no more: it says nothing of now.
    if (ended !== undefined) return ended === null ? conclude(late, null, true) : undefined;
    const waited = clock.now() - late.began;
    if (waited < waitMs) {
      waiting = late;
      return conclude(late, proxied(late, timeoutIn('firstByte', waited)), true);
    }
    waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs);
    late.stop(timeoutIn('firstByte', waited));
    return undefined;
  };

  /** Tries whether the answer that did not come does so in small segments: a sample where it does. */
  const trySmall = async (signal: AbortSignal): Promise<HttpSample | undefined> => {
    const address = suspect?.attempt.address ?? null;
    if (!suspect || address === null || clock.now() - triedSmallAt < SMALL_AGAIN_MS) return undefined;
    triedSmallAt = clock.now();
    const { attempt, failure } = suspect;
    onlySmall = await onlyInSmallSegments(task(), address, within, signal);
    return onlySmall && sampleOf(attempt, failure, true);
  };

  return {
    id: `http:${target}`,
    reads: endpoint.kind === 'tcp' ? `connections to ${shown}` : `${method} ${shown}`,
    cost: 'network',
    get intervalMs() {
      const pace = quick > 0 && quick <= MOST_QUICK_RUNS ? Math.min(QUICK_MS, intervalMs) : intervalMs;
      return Math.round(pace * (1 - JITTER + 2 * JITTER * ((runs * GOLDEN) % 1)));
    },
    // The sample itself says "timeout"; the scheduler's deadline is for a probe that hangs.
    get timeoutMs() {
      return patienceMs() + LATE_LOOK_MS + 1_000 + (suspect ? LONGEST_ROUND_MS : 0);
    },
    async run({ signal }: ProbeContext): Promise<HttpSample> {
      signal.throwIfAborted();
      runs++;
      const late = waiting;
      waiting = undefined;
      const found = late && (await lookAfter(late, signal));
      if (found?.ok) return found;
      const instead = (await trySmall(signal)) ?? found;
      if (instead) return instead;
      const patience = patienceMs();
      const attempt = beginFollowing(task(), env, memory);
      const ended = await within(attempt, patience, signal);
      if (ended !== undefined) return conclude(attempt, ended);
      const reason = timeoutIn(attempt.phase, patience, attempt.status !== null);
      const sample = conclude(attempt, proxied(attempt, reason));
      if (attempt.phase === 'firstByte') waiting = attempt;
      else attempt.stop(reason);
      return sample;
    },
    close() {
      waiting?.stop(new HttpError('timeout', 'firstByte', 'stopped'));
      waiting = undefined;
    },
  };

  /** By a proxy it is not the target that was seen to keep silent. */
  function proxied(attempt: Attempt, reason: HttpError): HttpError {
    return way.proxy && !attempt.atTarget
      ? new HttpError(
          'proxy',
          reason.phase,
          `${way.proxy.called}: ${reason.message}`,
          'a proxy that does not answer',
        )
      : reason;
  }
}

const alternates = (recent: readonly boolean[]): boolean => recent.includes(true) && recent.includes(false);
