import { readsOf, titleOf } from '../probes/place.js';
import type { Probe, ProbeOutcome } from '../probes/probe.js';
import type { ProbeHealth } from '../store/state.js';
import type { Escaped } from './error-guard.js';

/** A probe's health before its first run. */
export function waitingHealth(probe: Probe<unknown>): ProbeHealth {
  return {
    id: probe.id,
    title: probe.title ?? titleOf(probe.id),
    reads: probe.reads ?? readsOf(probe.id),
    intervalMs: probe.intervalMs,
    state: 'waiting',
    lastOkAt: null,
    tookMs: null,
    kind: null,
    reason: null,
    mend: null,
  };
}

/** Kinds that no retry mends: the source is not there, as opposed to a source that failed this time. */
const LASTING = new Set(['not-loaded', 'not-readable', 'not-supported', 'not-configured']);

/** A probe's health after one more outcome. */
export function foldHealth(health: ProbeHealth, outcome: ProbeOutcome): ProbeHealth {
  if (outcome.ok)
    return {
      ...health,
      state: 'ok',
      lastOkAt: outcome.at,
      tookMs: outcome.tookMs,
      kind: null,
      reason: null,
      mend: null,
    };
  return {
    ...health,
    state: LASTING.has(outcome.kind) ? 'unavailable' : 'failing',
    tookMs: outcome.tookMs,
    kind: outcome.kind,
    reason: outcome.reason,
    mend: outcome.mend ?? null,
  };
}

/** Errors that nothing caught, as the source that they came from: it may give figures all the same, and is not whole. */
export function escapedHealth({ kind, place, reason, count }: Escaped): ProbeHealth {
  return {
    id: `escaped:${kind}`,
    title: `${place}: error`,
    reads: 'errors that nothing caught',
    intervalMs: 0,
    state: 'failing',
    lastOkAt: null,
    tookMs: null,
    kind: 'failed',
    reason: count > 1 ? `${reason} (${count} times)` : reason,
    mend: 'FAULTLINE_DEBUG=1 faultline check',
  };
}
