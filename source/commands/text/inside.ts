import type { InsideSample, MatrixCell } from '../../probes/samples.js';
import type { Latest } from '../../store/history.js';
import type { FaultlineState } from '../../store/state.js';
import { duration } from '../../terminal/format.js';

type Row = readonly [string, string];

/** Containers and pairs named one by one; `--json` has all of them. */
const MOST_ROWS = 12;

/** Each container's network in a row, those whose lookups fail or whose peers do not answer first. */
export function insideRows(state: FaultlineState): Row[] {
  const all = Object.values(state.latest.inside ?? {});
  const sick = ({ sample }: Latest<InsideSample>): number =>
    failedLookups(state, sample.name).length + (sample.sockets?.total['SYN-SENT'] ?? 0);
  const rows = [...all]
    .sort((a, b) => sick(b) - sick(a))
    .slice(0, MOST_ROWS)
    .map((latest): Row => [`inside ${latest.sample.name}`, insideText(latest, state)]);
  const left = all.length - rows.length;
  return left > 0 ? [...rows, ['inside', `${left} more containers: --json has them`]] : rows;
}

function insideText({ sample, stale }: Latest<InsideSample>, state: FaultlineState): string {
  const { sockets, means, resolver, name } = sample;
  const states = (['ESTAB', 'SYN-SENT', 'CLOSE-WAIT'] as const).map(
    (each) => `${each} ${sockets?.total[each] ?? '?'}`,
  );
  const asked = state.latest.lookups?.[name]?.sample.names.length ?? 0;
  const failed = failedLookups(state, name);
  const dns =
    failed.length > 0
      ? `no address for ${failed.join(', ')}`
      : asked > 0
        ? `${asked} names resolve`
        : `DNS ${resolver?.nameservers.join(', ') ?? '?'}`;
  return `${states.join('  ')}  ${dns} (${means.by})${stale ? ' (stale)' : ''}`;
}

function failedLookups(state: FaultlineState, name: string): string[] {
  const names = state.latest.lookups?.[name]?.sample.names ?? [];
  return names.filter(({ resolved }) => !resolved).map((each) => each.name);
}

/** Connectivity: a row for what does not connect, and one for all that does. */
export function matrixRows(state: FaultlineState): Row[] {
  const latest = state.latest.matrix;
  if (!latest) return [];
  const { cells, missing } = latest.sample;
  const stale = latest.stale ? ' (stale)' : '';
  const failed = cells.filter(({ outcome }) => outcome !== 'connected');
  const connected = cells.filter(({ outcome }) => outcome === 'connected');
  const slowest = Math.max(0, ...connected.map(({ ms }) => ms ?? 0));
  const shown = failed.slice(0, MOST_ROWS);
  return [
    ['matrix', `${connected.length} of ${cells.length} connect, in ${duration(slowest)} at most${stale}`],
    ...shown.map((cell): Row => [`${cell.source} → ${cell.target}`, cellText(cell)]),
    ...(failed.length > shown.length
      ? [['matrix', `${failed.length - shown.length} more do not connect: --json has them`] as const]
      : []),
    ...missing.map((text): Row => ['matrix', text]),
  ];
}

function cellText({ outcome, errno, ms, meaning }: MatrixCell): string {
  const after = errno === null || ms === null ? '' : ` (${errno} after ${duration(ms)})`;
  return `${outcome}${after}: ${meaning}`;
}
