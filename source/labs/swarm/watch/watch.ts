import { setTimeout as sleep } from 'node:timers/promises';
import { mean } from '../../../probes/quantile.js';
import type { ServiceSample, SwarmService, WorkloadEvent } from '../../../probes/samples.js';
import type { Stage } from '../experiment.js';

const LOOK_MS = 200;

/** An experiment that did not go as it should; its message is the reason in the result. */
export class ExperimentFailure extends Error {}

/** The first answer of `look` that is not undefined. Rejects when `ms` are over, with what was waited for. */
export async function until<Value>(
  { signal }: Stage,
  what: string,
  ms: number,
  look: () => Value | undefined,
): Promise<Value> {
  const end = performance.now() + ms;
  for (;;) {
    signal.throwIfAborted();
    const value = look();
    if (value !== undefined) return value;
    if (performance.now() > end) throw new ExperimentFailure(`not within ${ms / 1000} s: ${what}`);
    await sleep(LOOK_MS, undefined, { signal });
  }
}

/** The service as Swarm last told of it, or undefined while it did not. */
export function serviceOf({ store, lab }: Stage): SwarmService | undefined {
  const swarm = store.getState().latest.swarm;
  return swarm?.stale === false ? swarm.sample.services.find(({ id }) => id === lab.service.id) : undefined;
}

/** The service in a sample taken after `since` (wall-clock ms). */
export function serviceSince(stage: Stage, since: number): SwarmService | undefined {
  return (stage.store.getState().latest.swarm?.at ?? 0) > since ? serviceOf(stage) : undefined;
}

/** What happened to containers of the service since `since` (wall-clock ms), oldest first. */
export function eventsSince({ store, lab }: Stage, since: number): readonly WorkloadEvent[] {
  return (store.getState().latest.events?.sample.events ?? []).filter(
    ({ at, workload }) => at >= since && workload.startsWith(`${lab.service.name}.`),
  );
}

/** The containers of the service's running tasks. */
export function replicasOf(stage: Stage): readonly ServiceSample[] {
  const running = new Set(
    (serviceOf(stage)?.tasks ?? [])
      .filter((task) => task.state === 'running' && task.desired === 'running')
      .map((task) => task.container),
  );
  const services = stage.store.getState().latest.services?.sample.services ?? [];
  return services.filter(({ container }) => container !== undefined && running.has(container.id));
}

/** Mean of a series of the replicas since `since` (wall-clock ms), over all of them; null when nothing was read. */
export function meanOf(stage: Stage, series: string, since: number): number | null {
  const { series: book } = stage.store.getState();
  const values = replicasOf(stage).flatMap(({ name }) =>
    (book.get(`${series}{${name}}`)?.since(since) ?? []).map(({ value }) => value),
  );
  const found = mean(values);
  return Number.isNaN(found) ? null : found;
}

/** True once every wanted replica runs and no update is under way. */
export const isSettled = (service: SwarmService): boolean =>
  service.running === service.desired && service.updateState !== 'updating' && service.desired > 0;
