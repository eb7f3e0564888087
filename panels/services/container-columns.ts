import type { ServiceSample } from '../../source/probes/samples.js';
import type { FaultlineState } from '../../source/store/state.js';
import { roughly, stopwatch } from '../../source/terminal/format.js';
import { sanitise, width } from '../../source/terminal/sanitise.js';
import type { Tone } from '../../source/terminal/theme.js';
import { span } from '../panel.js';
import type { Column, Value } from '../widgets/table.js';
import { cpuSpan, memorySpan, publishedText } from './container-figures.js';
import { lastExitText, orDash, type ServiceColumns } from './service-columns.js';
import { stateSpan } from './state-word.js';

interface ContainerColumn extends Column {
  /** The lower, the sooner it has a place where not all of them fit. */
  readonly rank: number;
  value(service: ServiceSample, state: FaultlineState, name: Tone | undefined): Value;
}

/** Least and most columns of the name and of the last exit. */
const NAME = { least: 9, most: 20, narrow: 16 };
/** Narrower than this (columns) a name has less room: what it uses is wanted more than the middle of its name. */
const NARROW = 60;
const EXIT = { least: 13, most: 60 };
/** Narrower than this the last exit is its code and its age; in words it is in the panel opened alone. */
const EXIT_WORDS = 24;

/** In the order they stand. */
const columnsOf = (name: number, ending: string): readonly ContainerColumn[] => [
  {
    title: 'CONTAINER',
    width: name,
    rank: 0,
    value: ({ name: its }, _state, tone) => span(shortened(its, name, ending), tone),
  },
  { title: 'STATE', width: 12, rank: 1, value: stateSpan },
  { title: 'AGE', width: 7, align: 'right', rank: 9, value: (service) => orDash(service.ageMs, stopwatch) },
  { title: 'CPU', width: 9, align: 'right', rank: 2, value: ofContainer(cpuSpan) },
  { title: 'MEM', width: 12, align: 'right', rank: 3, value: ofContainer(memorySpan) },
  {
    title: 'RST',
    width: 3,
    align: 'right',
    rank: 4,
    value: ({ restarts }) => span(String(restarts), restarts > 0 ? 'strong' : undefined),
  },
  { title: 'PORTS', width: 12, rank: 6, value: ofContainer((_service, facts) => publishedText(facts)) },
  { title: 'IMAGE', width: 14, rank: 7, value: ofContainer((_service, { image }) => lastPart(image)) },
  {
    title: 'PROJECT',
    width: 9,
    rank: 8,
    value: ofContainer((_service, facts) => facts.composeProject ?? ''),
  },
  { title: 'LAST EXIT', width: EXIT.least, rank: 5, value: () => '' },
];

/** Containers: use against limits, restarts and how the last life ended; those that do not fit are in the detail. */
export function containerColumns(all: readonly ServiceSample[], room: number): ServiceColumns {
  const longest = Math.max(0, ...all.map((service) => service.name.length));
  const most = room < NARROW ? NAME.narrow : NAME.most;
  const columnsForName = Math.max(NAME.least, Math.min(most, longest));
  const ending = sharedEnding(all.map(({ name }) => name).filter((name) => name.length > columnsForName));
  const wanted = columnsOf(columnsForName, ending).filter(isUsed(all));
  const { kept, left } = pick(wanted, room);
  const exit = Math.min(EXIT.most, EXIT.least + left);
  const columns = kept.map((column) => (column.title === 'LAST EXIT' ? exitColumn(column, exit) : column));
  return {
    columns,
    values: (service, state, name) => columns.map((column) => column.value(service, state, name)),
  };
}

/** The columns that fit, the least wanted left out, and the room that is left. */
function pick(
  columns: readonly ContainerColumn[],
  width: number,
): { readonly kept: readonly ContainerColumn[]; readonly left: number } {
  let left = width + 1;
  const kept = new Set<ContainerColumn>();
  for (const column of [...columns].sort((a, b) => a.rank - b.rank)) {
    if (column.width + 1 > left && kept.size > 0) break;
    left -= column.width + 1;
    kept.add(column);
  }
  return { kept: columns.filter((column) => kept.has(column)), left: Math.max(0, left) };
}

/** What none of them has takes no room: it depends on how they were made, not on how they fare. */
function isUsed(all: readonly ServiceSample[]): (column: ContainerColumn) => boolean {
  const published = all.some(({ container }) =>
    container?.publishedPorts.some(({ hostPort }) => hostPort !== null),
  );
  const composed = all.some(({ container }) => container?.composeProject != null);
  return ({ title }) => (title === 'PORTS' ? published : title === 'PROJECT' ? composed : true);
}

/** Columns of a name's end that stay: the number of a replica stands there. */
const TAIL = 6;

/** An ending shorter than this many columns, which all long names share, says something of each: a replica's number. */
const LEAST_ENDING = 4;

/** What all of several long names end with, and so tells none of them from the others; empty where that is little. */
function sharedEnding([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return '';
  let length = 0;
  while (length < first.length && others.every((name) => name.at(-1 - length) === first.at(-1 - length)))
    length += 1;
  return length >= LEAST_ENDING ? first.slice(-length) : '';
}

/** A long name without the ending that all of them share, else without its middle. */
function shortened(name: string, columns: number, ending: string): string {
  const text = sanitise(name);
  if (width(text) <= columns || width(text) !== text.length) return text;
  const own = ending !== '' && text.endsWith(ending) ? text.slice(0, -ending.length) : text;
  if (own !== text && own.length < columns) return `${own}…`;
  return `${text.slice(0, columns - TAIL - 1)}…${text.slice(-TAIL)}`;
}

/** An image without its registry and folders. */
const lastPart = (image: string): string => image.slice(image.lastIndexOf('/') + 1);

function exitColumn(column: ContainerColumn, width: number): ContainerColumn {
  const short = ({ lastExit }: ServiceSample, now: number): string =>
    lastExit ? `${lastExit.code ?? '?'} ${roughly(now - lastExit.at)} ago` : '';
  const text = width < EXIT_WORDS ? short : lastExitText;
  return { ...column, width, value: (service, state) => text(service, state.now) };
}

function ofContainer(
  value: (service: ServiceSample, facts: NonNullable<ServiceSample['container']>) => Value,
): ContainerColumn['value'] {
  return (service) => (service.container ? value(service, service.container) : '');
}
