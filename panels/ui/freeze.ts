import { SeriesBook } from '../../source/store/series.js';
import type { FaultlineState } from '../../source/store/state.js';
import { SPARK_SPAN_MS } from '../symptoms/read.js';

/** A picture that stays as it is: series go on in the live state, so what can be seen of them is copied. */
export function freeze(state: FaultlineState): FaultlineState {
  const series = new SeriesBook(SPARK_SPAN_MS / 1_000 + 1);
  for (const name of state.series.names())
    for (const point of state.series.get(name)?.since(state.now - SPARK_SPAN_MS) ?? [])
      if (point.at <= state.now) series.push(name, point.at, point.value);
  return { ...state, series };
}
