import type { MatrixCell } from '../../source/probes/samples.js';
import { plural } from '../../source/terminal/format.js';
import { type Line, span } from '../panel.js';
import { type Column, row, tableHead } from '../widgets/table.js';
import { outcomeSpan, rankOfCell } from './outcome.js';

/** Room for the longest word with its symbol. */
const CELL = 11;
const LONGEST_SOURCE = 20;
const LONGEST_TARGET = 16;

export interface Grid {
  readonly head: Line;
  readonly rows: readonly Line[];
  /** What does not fit, for a person; empty when all does. */
  readonly left: string;
}

/** Sources against targets. Where not all targets fit, those with the worst outcome stand first; else by name. */
export function gridOf(cells: readonly MatrixCell[], width: number, most: number): Grid {
  const byPair = new Map(cells.map((cell) => [`${cell.source}\n${cell.target}`, cell]));
  const sources = unique(cells.map(({ source }) => source));
  const targets = unique(cells.map(({ target }) => target));
  const title = shortTitles(targets);
  const first = {
    title: 'FROM',
    width: Math.min(LONGEST_SOURCE, Math.max(6, ...sources.map((name) => name.length))),
  };
  const columnOf = (target: string): Column => {
    const text = title.get(target) ?? target;
    return { title: text, width: Math.max(CELL, Math.min(LONGEST_TARGET, text.length)) };
  };
  const shown = fitting(
    sorted(targets, cells, 'target', width, first.width, columnOf),
    (target) => {
      return columnOf(target).width + 1;
    },
    width - first.width,
  );
  const rows = most < sources.length ? worstFirst(sources, cells, 'source') : sources;
  const columns = [first, ...shown.map(columnOf)];
  return {
    head: tableHead(columns),
    rows: rows.map((source) =>
      row(columns, [
        source,
        ...shown.map((target) => {
          const cell = byPair.get(`${source}\n${target}`);
          return cell ? outcomeSpan(cell) : span('–', 'muted');
        }),
      ]),
    ),
    left: shown.length < targets.length ? `+${plural(targets.length - shown.length, 'target')}` : '',
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** A target without its port where its container has no other. */
function shortTitles(targets: readonly string[]): ReadonlyMap<string, string> {
  const hostOf = (target: string): string => target.slice(0, target.lastIndexOf(':'));
  const hosts = targets.map(hostOf);
  return new Map(
    targets.map((target) => {
      const host = hostOf(target);
      return [target, hosts.filter((other) => other === host).length === 1 ? host : target];
    }),
  );
}

function sorted(
  targets: readonly string[],
  cells: readonly MatrixCell[],
  side: 'source' | 'target',
  width: number,
  used: number,
  columnOf: (target: string) => Column,
): readonly string[] {
  const needed = targets.reduce((sum, target) => sum + columnOf(target).width + 1, used);
  return needed <= width ? targets : worstFirst(targets, cells, side);
}

function worstFirst(
  names: readonly string[],
  cells: readonly MatrixCell[],
  side: 'source' | 'target',
): string[] {
  const worst = new Map<string, number>();
  for (const cell of cells)
    worst.set(cell[side], Math.min(rankOfCell(cell), worst.get(cell[side]) ?? Number.POSITIVE_INFINITY));
  return [...names].sort((a, b) => (worst.get(a) ?? 9) - (worst.get(b) ?? 9) || (a < b ? -1 : 1));
}

/** As many from the front as fit; one at least. */
function fitting<T>(items: readonly T[], size: (item: T) => number, room: number): T[] {
  const out: T[] = [];
  let used = 0;
  for (const item of items) {
    used += size(item);
    if (used > room && out.length > 0) break;
    out.push(item);
  }
  return out;
}
