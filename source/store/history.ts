import type {
  ConntrackSample,
  DnsSample,
  EventsSample,
  HttpSample,
  InsideDnsSample,
  InsideSample,
  KernelSample,
  LabSample,
  LogsSample,
  MatrixSample,
  PostgresSample,
  RedisSample,
  ServicesSample,
  SocketsSample,
  SwarmSample,
} from '../probes/samples.js';
import type { Point } from './series.js';

/** One value with its age; `stale` once its probe has failed or is overdue. */
export interface Latest<Sample> {
  /** Wall-clock milliseconds of the sample. */
  readonly at: number;
  readonly sample: Sample;
  readonly stale: boolean;
}

/** The newest sample of each source. A source that never answered is absent. */
export interface LatestSamples {
  readonly services?: Latest<ServicesSample>;
  readonly logs?: Latest<LogsSample>;
  readonly sockets?: Latest<SocketsSample>;
  readonly kernel?: Latest<KernelSample>;
  readonly conntrack?: Latest<ConntrackSample>;
  readonly dns?: Latest<DnsSample>;
  /** By target. */
  readonly http: Readonly<Record<string, Latest<HttpSample>>>;
  readonly postgres?: Latest<PostgresSample>;
  readonly redis?: Latest<RedisSample>;
  readonly lab?: Latest<LabSample>;
  readonly events?: Latest<EventsSample>;
  readonly swarm?: Latest<SwarmSample>;
  /** By container: its network as it sees it. */
  readonly inside?: Readonly<Record<string, Latest<InsideSample>>>;
  /** By container: its lookups, asked from inside. */
  readonly lookups?: Readonly<Record<string, Latest<InsideDnsSample>>>;
  /** Who reaches whom. */
  readonly matrix?: Latest<MatrixSample>;
}

/**
 * All the diagnosis ever sees: what probes measured, and when. It does not hold which scenario runs, and a
 * recording of it replays to the same findings.
 */
export interface History {
  /** Wall-clock milliseconds of this look. */
  readonly now: number;
  readonly latest: LatestSamples;
  /** Values of a signal not older than `ms`, oldest first; empty when the signal is unknown. NaN marks a failed read. */
  window(signal: string, ms: number): readonly Point[];
  /** Names of all signals. */
  signals(): readonly string[];
}
