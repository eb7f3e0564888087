import type { ProbeOutcome } from '../../probes/probe.js';
import type {
  ConntrackSample,
  DnsSample,
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
} from '../../probes/samples.js';
import type { History, LatestSamples } from '../history.js';
import { SeriesBook } from '../series.js';
import { putInside, putLookupShare, putLookups } from './inside-points.js';
import { foldOutcome, kindOf, markOverdue, usualOverdueMs } from './latest.js';
import { putMatrix } from './matrix-points.js';
import {
  putConntrack,
  putDns,
  putHttp,
  putKernel,
  putLab,
  putLogs,
  putPostgres,
  putRedis,
  putServices,
  putSockets,
  putSwarm,
} from './points.js';
import { Rates } from './rates.js';
import { putWindows } from './windows.js';

/**
 * Takes probe outcomes as they come and holds what the next commit will show. The same outcomes in the same order
 * give the same history, live or from a recording.
 */
export class Intake {
  readonly series: SeriesBook;
  private readonly rates = new Rates();
  private held: LatestSamples = { http: {} };

  constructor(
    /** Milliseconds after which a probe's sample is stale. */
    private readonly overdueMs: (id: string) => number = usualOverdueMs,
    series = new SeriesBook(),
  ) {
    this.series = series;
  }

  /** Folds one outcome in. */
  take(outcome: ProbeOutcome): void {
    this.held = foldOutcome(this.held, outcome);
    if (outcome.ok) this.putPoints(outcome.id, outcome.at, outcome.sample);
    else if (outcome.id === 'postgres') this.series.push('postgres.selectOne', outcome.at, Number.NaN);
  }

  /** Closes a tick: windows are added up and overdue samples marked. `now` is wall-clock ms. */
  tick(now: number): History {
    putWindows(this.series, now);
    this.held = markOverdue(this.held, now, this.overdueMs);
    return historyOf(now, this.held, this.series);
  }

  private putPoints(id: string, at: number, sample: unknown): void {
    const { series } = this;
    const kind = kindOf(id)?.kind;
    if (kind === 'http') putHttp(series, at, sample as HttpSample);
    else if (kind === 'inside') putInside(series, this.rates, at, sample as InsideSample);
    else if (kind === 'dns') {
      putLookups(series, at, sample as InsideDnsSample);
      putLookupShare(series, at, this.held.lookups);
    } else if (id === 'matrix') putMatrix(series, at, sample as MatrixSample);
    else if (id === 'dns') putDns(series, at, sample as DnsSample);
    else if (id === 'sockets') putSockets(series, at, sample as SocketsSample);
    else if (id === 'kernel') putKernel(series, this.rates, at, sample as KernelSample);
    else if (id === 'conntrack') putConntrack(series, this.rates, at, sample as ConntrackSample);
    else if (id === 'postgres') putPostgres(series, at, sample as PostgresSample);
    else if (id === 'redis') putRedis(series, at, sample as RedisSample);
    else if (id === 'services') putServices(series, at, sample as ServicesSample);
    else if (id === 'logs') putLogs(series, at, sample as LogsSample);
    else if (id === 'lab') putLab(series, at, sample as LabSample);
    else if (id === 'swarm') putSwarm(series, at, sample as SwarmSample);
  }
}

/** The history that the diagnosis reads, over a book of series and the newest samples. */
export function historyOf(now: number, latest: LatestSamples, series: SeriesBook): History {
  return {
    now,
    latest,
    window: (signal, ms) => series.get(signal)?.since(now - ms) ?? [],
    signals: () => series.names(),
  };
}
