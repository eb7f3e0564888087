import type { Check } from '../actions/verify/checks.js';
import { connectivityMatrix, successRate, timedRequests } from '../actions/verify/validation.js';
import type { Lab } from '../labs/lab.js';
import type { ProbeOutcome } from '../probes/probe.js';
import type { MatrixSample } from '../probes/samples.js';
import type { Store } from '../store/state.js';

/** Target whose times before the outage the timed requests are compared with, and how many of its runs. */
const TARGET = 'GET /todos';
const RUNS = 10;
const LOOK_BACK_MS = 600_000;

/** What a lab's recovery is validated by beside the document's checks: who reaches whom where there are containers. */
export function validationOf(
  lab: Lab,
  store: Store,
  fresh: (probe: string) => Promise<ProbeOutcome | undefined>,
): readonly Check[] {
  const matrix = connectivityMatrix(async () => {
    const outcome = await fresh('matrix');
    return outcome?.ok ? (outcome.sample as MatrixSample) : undefined;
  });
  const requests = [successRate, timedRequests(() => usualBefore(store))];
  return lab.kind === 'docker' ? [matrix, ...requests] : requests;
}

/** Median of the target's last good runs before the outage began, ms; undefined when there were none. */
export function usualBefore(store: Store): number | undefined {
  const { series, outage, lastOutage, now } = store.getState();
  const began = outage ?? lastOutage;
  const until = began?.triggeredAt ?? began?.symptomAt ?? now;
  const since = until - LOOK_BACK_MS;
  const good = new Set(
    (series.get(`http.ok{${TARGET}}`)?.since(since) ?? []).flatMap(({ at, value }) =>
      value === 1 ? [at] : [],
    ),
  );
  const times = (series.get(`http.ms{${TARGET}}`)?.since(since) ?? [])
    .filter(({ at }) => at < until && good.has(at))
    .slice(-RUNS)
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)];
}
