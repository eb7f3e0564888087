import type { InsideSample, TcpState } from '../../source/probes/samples.js';
import type { Latest } from '../../source/store/history.js';
import type { FaultlineState } from '../../source/store/state.js';
import { count, percent } from '../../source/terminal/format.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, type Span, span } from '../panel.js';
import { type Column, columnsThatFit, row, tableHead } from '../widgets/table.js';

const LONGEST_NAME = 24;
/** So many of a state in one container look sick; as in the sockets panel, for the smaller crowd of one. */
const MANY: Partial<Record<TcpState, number>> = { 'SYN-SENT': 5, 'SYN-RECV': 20, 'CLOSE-WAIT': 20 };
/** Percent of segments sent again that is worth a look (DIAGNOSIS R20). */
const RETRANSMITTED = 1;

/** The most telling first: the last are left out where room is short. */
interface Figure {
  readonly column: Column;
  readonly value: (latest: Latest<InsideSample>, state: FaultlineState) => Span;
}

const stateFigure = (name: TcpState): Figure => ({
  column: { title: name, width: Math.max(6, name.length), align: 'right' },
  value: ({ sample }) => stateSpan(sample.sockets?.total[name], MANY[name]),
});

const FIGURES: readonly Figure[] = [
  stateFigure('ESTAB'),
  stateFigure('SYN-SENT'),
  stateFigure('CLOSE-WAIT'),
  {
    column: { title: 'RETRANS', width: 7, align: 'right' },
    value: ({ sample }, state) => retransmitted(state, sample.name),
  },
  { column: { title: 'QUEUE', width: 9, align: 'right' }, value: ({ sample }) => queueSpan(sample) },
  { column: { title: 'DNS', width: 8 }, value: ({ sample }, state) => lookupsSpan(state, sample.name) },
  stateFigure('SYN-RECV'),
  stateFigure('TIME-WAIT'),
  { column: { title: 'MEANS', width: 17 }, value: ({ sample }) => span(sample.means.by) },
];

/** The columns for these containers. */
export function insideColumns(names: readonly string[], width: number): readonly Column[] {
  const name = Math.min(LONGEST_NAME, Math.max(9, ...names.map((each) => each.length)));
  const columns = FIGURES.map(({ column }) => column);
  return columnsThatFit([{ title: 'CONTAINER', width: name }, ...columns], width, 2);
}

export const insideHead = (columns: readonly Column[]): Line => tableHead(columns, '  ');

/** One container: its sockets, what is sent again, its fullest queue, its lookups, and how that was read. */
export function insideRow(
  latest: Latest<InsideSample>,
  state: FaultlineState,
  columns: readonly Column[],
  chosen: boolean,
): Line {
  const { name, sharedWith } = latest.sample;
  const others = sharedWith.length > 0 ? ` +${sharedWith.length}` : '';
  const mark = latest.stale ? SYMBOL.stale : chosen ? SYMBOL.cursor : ' ';
  return [
    span(`${mark} `, chosen && !latest.stale ? 'key' : 'unknown'),
    ...row(
      columns,
      [
        span(`${name}${others}`, chosen ? 'selected' : undefined),
        ...FIGURES.map(({ value }) => value(latest, state)),
      ],
      latest.stale ? 'muted' : undefined,
    ),
  ];
}

function stateSpan(value: number | undefined, many = Number.POSITIVE_INFINITY): Span {
  if (value === undefined) return span('–', 'unknown');
  return value >= many ? span(`${SYMBOL.warning} ${count(value)}`, 'warning') : span(count(value));
}

function retransmitted(state: FaultlineState, name: string): Span {
  const value = state.series.get(`kernel.retransPercent{${name}}`)?.fromEnd(0)?.value;
  if (value === undefined || Number.isNaN(value)) return span('–', 'muted');
  return span(percent(value), value >= RETRANSMITTED ? 'warning' : undefined);
}

function queueSpan({ sockets }: InsideSample): Span {
  const fullest = sockets?.listeners.reduce<(typeof sockets.listeners)[number] | undefined>(
    (most, each) => (most === undefined || each.queued > most.queued ? each : most),
    undefined,
  );
  if (!fullest) return span('–', 'muted');
  const text = `${fullest.queued}/${fullest.backlog ?? '?'}`;
  const full = fullest.backlog !== null && fullest.queued > fullest.backlog / 2;
  return full ? span(`${SYMBOL.warning} ${text}`, 'warning') : span(text);
}

function lookupsSpan(state: FaultlineState, name: string): Span {
  const names = state.latest.lookups?.[name]?.sample.names ?? [];
  if (names.length === 0) return span('–', 'muted');
  const failed = names.filter(({ resolved }) => !resolved).length;
  return failed > 0
    ? span(`${SYMBOL.critical} ${failed} of ${names.length}`, 'critical')
    : span(`${SYMBOL.ok} ok`, 'ok');
}
