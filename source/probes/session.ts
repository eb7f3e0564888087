import type Docker from 'dockerode';
import type { Clock } from '../clock.js';
import type { DockerEngine } from '../engines/docker/docker-engine.js';
import type { Engine } from '../engines/engine.js';
import type { Doors } from './doors/doors.js';
import type { WatchSettings } from './watch-settings.js';

/** What there is to probe in a session. */
export interface ProbeSession {
  /** Where its workloads live: a lab's engine, or Docker on a host. */
  readonly engine: Engine | undefined;
  /** What is watched beside the host and its workloads. */
  readonly settings: WatchSettings;
  readonly clock: Clock;
  /** Turns at listeners, for all that connects to one. */
  readonly doors: Doors;
  /** Why what stands behind failing clients is suspected now, as other probes saw it; undefined for nothing. */
  readonly suspicion?: () => string | undefined;
}

/** The daemon's client, null while it does not answer; undefined for an engine that is no daemon's. */
export function clientOf(engine: Engine): (() => Docker | null) | undefined {
  return engine.kind === 'docker' ? () => (engine as DockerEngine).docker : undefined;
}
