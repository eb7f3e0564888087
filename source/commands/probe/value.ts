import { sanitise } from '../../terminal/sanitise.js';
import { indent, table } from '../text/table.js';

/** Rows of a table shown at most; `--json` has them all. */
const MOST_ROWS = 20;
/** Longest text of one cell, in characters. */
const LONGEST_CELL = 60;
const LONGEST_VALUE = 300;

/**
 * Any sample as lines: figures by their names, lined up; below them what has parts of its own, lists of things as short
 * tables. What is unknown is a dash.
 */
export function valueLines(value: unknown): string[] {
  if (Array.isArray(value)) return listLines(value);
  if (!isThing(value)) return [cell(value, LONGEST_VALUE)];
  const fields = Object.entries(value).map(([name, part]) => [sanitise(name, LONGEST_CELL), part] as const);
  const plain = fields.filter(([, part]) => isPlain(part));
  const parts = fields.filter(([, part]) => !isPlain(part));
  return [
    ...(plain.length === 0
      ? []
      : table(plain.map(([name, part]) => [name, cell(part, LONGEST_VALUE)])).split('\n')),
    ...parts.flatMap(([name, part]) => [name, ...valueLines(part).map((line) => indent(line))]),
  ];
}

function listLines(list: readonly unknown[]): string[] {
  const shown = list.slice(0, MOST_ROWS);
  const left = list.length - shown.length;
  return [
    ...(shown.every(isThing) ? thingsLines(shown) : shown.map((one) => cell(one, LONGEST_VALUE))),
    ...(left > 0 ? [`… and ${left} more; --json has all`] : []),
  ];
}

/** A table; one after the other where one has lists of things itself. */
function thingsLines(things: readonly Thing[]): string[] {
  const isFlat = things.every((thing) => Object.values(thing).every(isPlain));
  return isFlat
    ? tableLines(things)
    : things.flatMap((thing, i) => [...(i > 0 ? [''] : []), ...valueLines(thing)]);
}

function tableLines(rows: readonly Thing[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table([
    columns.map((column) => sanitise(column, LONGEST_CELL)),
    ...rows.map((row) => columns.map((column) => cell(row[column], LONGEST_CELL))),
  ]).split('\n');
}

type Thing = Readonly<Record<string, unknown>>;

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What fits behind its name: a figure, a text, a short list of such, and what has no parts. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') && value.length <= MOST_ROWS;
  return !isThing(value) || Object.keys(value).length === 0;
}

function cell(value: unknown, longest: number): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(3)));
  if (typeof value !== 'object') return sanitise(String(value), longest);
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.length === 0 ? 'none' : sanitise(value.join(', '), longest);
  return Object.keys(value).length === 0 ? 'none' : sanitise(JSON.stringify(value), longest);
}
