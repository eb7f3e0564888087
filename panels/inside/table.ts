import type { InsideSample, TcpState } from '../../source/probes/samples.js';
import type { Latest } from '../../source/store/history.js';
import { isGiven } from '../../source/store/signs/lookup.js';
import {
  levelOfQueue,
  levelOfSentAgain,
  levelOfState,
  MANY_IN_CONTAINER,
} from '../../source/store/signs/sockets.js';
import type { FaultlineState } from '../../source/store/state.js';
import { count, percent } from '../../source/terminal/format.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, type Span, span } from '../panel.js';
import { levelSpan } from '../widgets/levels.js';
import { type Column, columnsThatFit, row, tableHead } from '../widgets/table.js';

const LONGEST_NAME = 24;

/** The most telling first: the last are left out where room is short. */
interface Figure {
  readonly column: Column;
  readonly value: (latest: Latest<InsideSample>, state: FaultlineState) => Span;
}

const stateFigure = (name: TcpState): Figure => ({
  column: { title: name, width: Math.max(6, name.length), align: 'right' },
  value: ({ sample }) => stateSpan(name, sample.sockets?.total[name]),
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

function stateSpan(name: TcpState, value: number | undefined): Span {
  if (value === undefined) return span('–', 'unknown');
  return levelSpan(levelOfState(MANY_IN_CONTAINER, name, value), count(value));
}

function retransmitted(state: FaultlineState, name: string): Span {
  const value = state.series.get(`kernel.retransPercent{${name}}`)?.fromEnd(0)?.value;
  if (value === undefined || Number.isNaN(value)) return span('–', 'muted');
  return levelSpan(levelOfSentAgain(value), percent(value));
}

function queueSpan({ sockets }: InsideSample): Span {
  const fullest = sockets?.listeners.reduce<(typeof sockets.listeners)[number] | undefined>(
    (most, each) => (most === undefined || each.queued > most.queued ? each : most),
    undefined,
  );
  if (!fullest) return span('–', 'muted');
  const text = `${fullest.queued}/${fullest.backlog ?? '?'}`;
  return levelSpan(levelOfQueue(fullest), text);
}

function lookupsSpan(state: FaultlineState, name: string): Span {
  const latest = state.latest.lookups?.[name];
  const names = latest?.stale ? [] : (latest?.sample.names ?? []);
  if (names.length === 0) return span('–', 'muted');
  const failed = names.filter((name) => !isGiven(names, name)).length;
  return failed > 0
    ? span(`${SYMBOL.critical} ${failed} of ${names.length}`, 'critical')
    : span(`${SYMBOL.ok} ok`, 'ok');
}
