import { type Place, placeOf, usualOverdueMs } from '../../probes/place.js';
import type { ProbeOutcome } from '../../probes/probe.js';
import { sources } from '../../probes/registry.js';
import type { Registry, SeriesContext, WindowValues } from '../../probes/source.js';
import type { History, LatestSamples } from '../history.js';
import { SeriesBook } from '../series.js';
import { type Entries, foldOutcome, type Held, markOverdue, withoutMember } from './latest.js';
import { Rates } from './rates.js';

/**
 * Takes probe outcomes as they come and holds what the next commit will show. The same outcomes in the same order
 * give the same history, live or from a recording.
 */
export class Intake {
  private readonly rates = new Rates();
  private held: Held = { http: {} };

  constructor(
    /** Milliseconds after which a probe's sample is stale. */
    private readonly overdueMs: (id: string) => number = (id) => usualOverdueMs(id, this.registry),
    readonly series = new SeriesBook(),
    private readonly registry: Registry = sources,
  ) {}

  /** Folds one outcome in; one of no known source is passed over. */
  take(outcome: ProbeOutcome): void {
    const place = placeOf(outcome.id, this.registry);
    if (!place) return;
    this.held = foldOutcome(this.held, place, outcome);
    const points = outcome.ok
      ? place.source.series?.(outcome.sample, this.contextOf(place, outcome.at))
      : place.source.whenFailed;
    for (const [signal, value] of points ?? []) this.series.push(signal, outcome.at, value);
  }

  /** Lets go of all of a target that is probed no more: what it answered last says nothing of now. */
  forget(id: string): void {
    const place = placeOf(id, this.registry);
    if (place?.name === undefined || place.source.forgottenMs !== null) return;
    this.series.forget(place.source.kind, place.name);
    this.held = withoutMember(this.held, place.field, place.name);
  }

  /** Closes a tick: windows are added up and overdue samples marked. `now` is wall-clock ms. */
  tick(now: number): History {
    const values: WindowValues = (signal, ms) =>
      this.series
        .get(signal)
        ?.since(now - ms)
        .map(({ value }) => value);
    for (const { windows } of Object.values(this.registry))
      for (const [signal, value] of windows?.(values) ?? []) this.series.push(signal, now, value);
    this.held = markOverdue(this.held, this.registry, now, this.overdueMs);
    return historyOf(now, this.held as unknown as LatestSamples, this.series);
  }

  private contextOf({ field, name }: Place, at: number): SeriesContext<unknown> {
    const { held } = this;
    return {
      perSecond: (counter, value, of) => this.rates.perSecond(counter, at, value, of),
      get family() {
        const members = name === undefined ? {} : ((held[field] ?? {}) as Entries);
        return Object.values(members).flatMap(({ sample, stale }) => (stale ? [] : [sample]));
      },
    };
  }
}

/** The history that the diagnosis reads, over a book of series and the newest samples. */
export function historyOf(now: number, latest: LatestSamples, series: SeriesBook): History {
  return {
    now,
    latest,
    window: (signal, ms) => series.get(signal)?.window(now, ms) ?? [],
    each: (signal, ms, onValue) => series.get(signal)?.each(now - ms, onValue),
    newest: (signal, ms) => series.get(signal)?.newestSince(now - ms),
    signals: () => series.names(),
  };
}
