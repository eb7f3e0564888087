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
  yield [`kernel.retransPercent${label}`, resentPercent(rates)];
}

/**
 * Data segments that were sent again as a share of all that were sent, 0 to 100: an opening without an answer is no
 * loss, nor is what the peer says it had twice (RFC 2883), and an acknowledgement is never sent again. A kernel that does not count data has its segments in their stead.
 */
function resentPercent(rates: ReadonlyMap<string, number>): number {
  const of = (counter: string): number => rates.get(counter) ?? Number.NaN;
  const data = of('TcpExt.TCPOrigDataSent');
  const first = Number.isNaN(data) ? of('Tcp.OutSegs') : data;
  const inVain = (of('TcpExt.TCPSynRetrans') || 0) + (of('TcpExt.TCPDSACKRecv') || 0);
  const again = Math.max(0, of('Tcp.RetransSegs') - inVain);
  return again === 0 && first === 0 ? 0 : (100 * again) / (first + again);
}
