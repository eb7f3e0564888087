import { type MatrixCell, type MatrixSample, REASON_TEXT } from '../../source/probes/samples.js';
import { levelOfCell } from '../../source/store/signs/connection.js';
import { isGrave } from '../../source/store/signs/level.js';
import type { FaultlineState } from '../../source/store/state.js';
import { duration, plural } from '../../source/terminal/format.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { rightText } from '../widgets/age.js';
import { wrap } from '../widgets/fit.js';
import { matching } from '../widgets/matching.js';
import { unreadLines } from '../widgets/unread.js';
import { gridOf } from './grid.js';
import { outcomeSpan, rankOfCell } from './outcome.js';

/** Connectivity, tried from inside each client; opened alone, what each failure means. */
export function matrixContent(state: FaultlineState, view: View): Content {
  const latest = state.latest.matrix;
  if (!latest) return lines(unreadLines(state, (health) => health.id === 'matrix', view.width));
  const { sample } = latest;
  const cells = matching(sample.cells, view.filter, textOf);
  const grid = gridOf(cells, view.width, view.height - 1);
  const all: Line[] = [
    ...grid.rows,
    ...sample.missing.flatMap((text) =>
      wrap(`? ${text}`, view.width).map((part): Line => [span(part, 'unknown')]),
    ),
    ...(view.alone ? [[], ...detailLines(cells, sample, view.width)] : []),
  ];
  const failed = sample.cells.filter((cell) => isGrave(levelOfCell(cell))).length;
  const verdict = failed > 0 ? `${failed} of ${plural(sample.cells.length, 'pair')} not well` : 'all reach';
  return lines(all, {
    head: cells.length > 0 ? [grid.head] : [],
    right: rightText(latest, state.now, verdict, grid.left),
  });
}

const reasonOf = ({ because }: MatrixCell): string => (because === undefined ? '' : REASON_TEXT[because]);

const textOf = ({ source, target, outcome, errno }: MatrixCell): string =>
  `${source} ${target} ${outcome} ${errno ?? ''}`;

/** Worst first: who to whom, the errno and how long it took, what such an end comes from, why it should work. */
function detailLines(cells: readonly MatrixCell[], sample: MatrixSample, width: number): Line[] {
  const targets = new Map(sample.targets.map((target) => [target.name, target]));
  return [...cells]
    .sort((a, b) => rankOfCell(a) - rankOfCell(b))
    .flatMap((cell) => {
      const target = targets.get(cell.target);
      const at = target && !cell.target.startsWith(target.address) ? ` (${target.address})` : '';
      const took =
        cell.errno === null || cell.ms === null ? '' : `  ${cell.errno} after ${duration(cell.ms)}`;
      const head: Line = [
        outcomeSpan(cell),
        span(`  ${cell.source} → ${cell.target}`, 'strong'),
        span(at, 'muted'),
        span(took),
      ];
      if (cell.outcome === 'connected') return [[...head, span(`  ${reasonOf(cell)}`, 'muted')]];
      const because = cell.because === undefined ? '' : `. It should be reached: ${reasonOf(cell)}`;
      const meaning = wrap(`${cell.meaning}${because}.`, Math.max(10, width - 4));
      return [head, ...meaning.map((part): Line => [span(`    ${part}`)])];
    });
}
