import type { SeriesContext, SeriesPoint } from '../source.js';
import type { KernelSample } from './sample.js';

type Rates = Pick<SeriesContext<unknown>, 'perSecond'>;

/**
 * Rates of the kernel's counters. `label` is what stands behind each signal's name: `{container}` for a container's
 * own; `of` its network.
 */
export function* kernelSeries(
  sample: KernelSample,
  { perSecond }: Rates,
  label = '',
  of = '',
): Iterable<SeriesPoint> {
  const rates = new Map<string, number>();
  for (const [counter, value] of Object.entries(sample.counters)) {
    const rate = perSecond(`${counter}${label}`, value, of);
    rates.set(counter, rate);
    yield [`kernel.${counter}${label}`, rate];
  }
  const sent = rates.get('Tcp.OutSegs') ?? Number.NaN;
  const percent = (100 * (rates.get('Tcp.RetransSegs') ?? Number.NaN)) / sent;
  yield [`kernel.retransPercent${label}`, sent > 0 ? percent : sent === 0 ? 0 : Number.NaN];
}
