import type { Check } from '../actions/verify/checks.js';
import { connectivityMatrix, successRate, timedRequests } from '../actions/verify/validation.js';
import type { ProbeOutcome } from '../probes/probe.js';
import type { MatrixSample } from '../probes/samples.js';
import type { WatchSettings } from '../probes/watch-settings.js';
import type { Recovery } from '../store/recovery.js';
import type { Store } from '../store/state.js';

/** Runs of a target before the outage that the timed requests are compared with, and how far back they may lie (ms). */
const RUNS = 10;
const LOOK_BACK_MS = 600_000;

/** What a recovery is validated by beside its checks: connectivity where that is tried, and a customer's requests. */
export function validationOf(
  { customer }: Recovery,
  store: Store,
  fresh: (probe: string) => Promise<ProbeOutcome | undefined>,
): readonly Check[] {
  const matrix = connectivityMatrix(async () => {
    const outcome = await fresh('matrix');
    return outcome?.ok ? (outcome.sample as MatrixSample) : undefined;
  });
  const isTried = store.getState().probes.matrix !== undefined;
  return [
    ...(isTried ? [matrix] : []),
    ...(customer
      ? [successRate(customer), timedRequests(customer, () => usualBefore(store, customer.name))]
      : []),
  ];
}

/** How a host shows it: each target that it was given answers. */
export const recoveryOf = ({ targets }: WatchSettings): Recovery => ({
  checks: targets.map((target) => ({ ...target, expect: { kind: 'success' } })),
});

/** Median of a target's last good runs before the outage began, ms; undefined when there were none. */
export function usualBefore(store: Store, target: string): number | undefined {
  const { series, outage, lastOutage, now } = store.getState();
  const began = outage ?? lastOutage;
  const until = began?.triggeredAt ?? began?.symptomAt ?? now;
  const since = until - LOOK_BACK_MS;
  const good = new Set(
    (series.get(`http.ok{${target}}`)?.since(since) ?? []).flatMap(({ at, value }) =>
      value === 1 ? [at] : [],
    ),
  );
  const times = (series.get(`http.ms{${target}}`)?.since(since) ?? [])
    .filter(({ at }) => at < until && good.has(at))
    .slice(-RUNS)
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)];
}
