import { type Clock, pause } from '../clock.js';
import type { DockerEngine } from '../engines/docker/docker-engine.js';
import type { Engine } from '../engines/engine.js';
import { type Probe, type ProbeOutcome, Unavailable } from '../probes/probe.js';
import { type SourceId, sources } from '../probes/registry.js';
import { runProbe } from '../probes/run-probe.js';
import type { Registry } from '../probes/source.js';
import type { WatchSettings } from '../probes/watch-settings.js';
import { followOutput } from './follow-output.js';
import { openHostEngine } from './host-engine.js';
import { probeInside } from './inside/look-once.js';
import { ownDoors } from './listeners-here.js';

export interface OneSampleOptions {
  readonly settings: WatchSettings;
  /** Container, or compose service, that is looked into. */
  readonly container?: string | undefined;
  /** How long what only tells of its own time is listened to first (ms). */
  readonly listenMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Docker of this host for as long as `work` takes. */
export async function withHostEngine<Result>(
  work: (engine: Engine | undefined) => Promise<Result>,
): Promise<Result> {
  const engine = await openHostEngine();
  try {
    return await work(engine);
  } finally {
    await engine?.close();
  }
}

/** One sample of one source of this host, or why there is none. Rejects when the signal aborts. */
export async function sampleOnce(
  id: SourceId,
  engine: Engine | undefined,
  options: OneSampleOptions,
): Promise<ProbeOutcome> {
  const { clock, signal } = options;
  const abort = new AbortController();
  const end = (): void => abort.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  let probe: Probe<unknown> | undefined;
  const began = clock.now();
  try {
    probe = await probeOf(id, engine, options, abort);
    if ((sources as Registry)[id]?.listens) await listen(engine, options);
    const outcome = await runProbe(probe, abort, clock);
    signal.throwIfAborted();
    return { ...outcome, id };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Unavailable)) throw error;
    const { kind, message: reason, mend } = error;
    return { ok: false, id, at: clock.wall(), tookMs: clock.now() - began, kind, reason, mend };
  } finally {
    signal.removeEventListener('abort', end);
    probe?.close?.();
  }
}

async function listen(
  engine: Engine | undefined,
  { listenMs, signal, clock }: OneSampleOptions,
): Promise<void> {
  if (engine?.kind === 'docker') followOutput(engine as DockerEngine, clock);
  await pause(clock, listenMs, signal);
}

async function probeOf(
  id: SourceId,
  engine: Engine | undefined,
  { settings, container, clock }: OneSampleOptions,
  abort: AbortController,
): Promise<Probe<unknown>> {
  const source = (sources as Registry)[id];
  const [probe] = source?.probes?.({ engine, settings, clock, doors: ownDoors(engine, clock) }) ?? [];
  if (probe) return probe;
  const docker = answering(engine);
  if (id === 'inside' || id === 'lookups' || id === 'matrix')
    return probeInside(id, container, { engine: docker, settings, clock, abort });
  throw new Unavailable('not-configured', 'nothing that it could read was named');
}

/** What reads containers reads them here. */
function answering(engine: Engine | undefined): DockerEngine {
  if (!engine)
    throw new Unavailable('not-configured', 'there is no sign of Docker on this host', 'faultline doctor');
  const trouble = engine.trouble?.();
  if (trouble) throw new Unavailable('not-readable', trouble.reason, trouble.mend);
  return engine as DockerEngine;
}
