import { isGrave } from '../../source/store/signs/level.js';
import type { FaultlineState } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { isSettling } from '../health.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { cell, wrap } from '../widgets/fit.js';
import { isSick, LEVEL_SYMBOL, LEVEL_TONE } from '../widgets/levels.js';
import { sparkline } from '../widgets/sparkline.js';
import type { Reading } from './gauge.js';
import { inOrder, readGauges, SPARK_SPAN_MS } from './read.js';

const TITLE = 15;
const VALUE = 9;
/** Narrowest and widest column for the verdict, and widest sparkline. */
const WORD = { least: 16, most: 30, alone: 27 };
const SPARK = { least: 8, most: 60 };

/** Symptom rows: name, shape over time, figure with unit, verdict with its threshold. */
export function symptomsContent(state: FaultlineState, view: View): Content {
  const readings = inOrder(readGauges(state));
  const right = 'last 2 min';
  const room = Math.max(1, view.height);
  const rows = (some: readonly Reading[]) =>
    some.map((reading) =>
      symptomLine(isSettling(reading, state) ? settling(reading) : reading, state.now, view),
    );
  if (view.alone) return lines([...rows(readings), ...thresholdLines(readings, view.width)], { right });
  if (readings.length <= room || (view.cursor ?? 0) > 0) return lines(rows(readings), { right });
  const shown = readings.slice(0, room - 1);
  return lines([...rows(shown), foldedLine(readings.slice(room - 1))], { right });
}

/** What each gauge is held against, and who says so. */
function thresholdLines(readings: readonly Reading[], width: number): Line[] {
  const head: Line[] = [[], [span('what they are held against', 'title')]];
  const each = readings.flatMap(({ gauge }) =>
    wrap(`${gauge.threshold}: ${gauge.source}`, Math.max(20, width - TITLE)).map(
      (text, index): Line => [span(cell(index === 0 ? gauge.title : '', TITLE)), span(text, 'muted')],
    ),
  );
  return [...head, ...each];
}

const SETTLING = 'over, settling';

/** A figure over the last minute that still carries an outage which is over: it is no trouble of now. */
const settling = (reading: Reading): Reading => ({
  ...reading,
  level: 'notice',
  word: SETTLING,
});

function symptomLine(reading: Reading, now: number, view: View): Line {
  const { gauge, level, word } = reading;
  const wordRoom = view.alone ? WORD.alone : Math.max(WORD.least, Math.min(WORD.most, view.width - 60));
  const sparkRoom = Math.max(SPARK.least, Math.min(SPARK.most, view.width - TITLE - VALUE - wordRoom - 6));
  const shape = sparkline(reading.points, {
    columns: sparkRoom,
    now,
    span: SPARK_SPAN_MS,
    full: gauge.full,
    worst: gauge.worst,
  });
  const tone = LEVEL_TONE[level];
  const longer = reading.detail ? `${word} · ${reading.detail}` : word;
  const said = longer.length <= wordRoom ? longer : word;
  const over = reading.word === SETTLING;
  const symbol = reading.stale ? SYMBOL.stale : over ? SYMBOL.pending : LEVEL_SYMBOL[level];
  return [
    span(cell(gauge.title, TITLE), isSick(level) ? 'strong' : undefined),
    span(shape, level === 'ok' ? 'muted' : tone),
    span(` ${cell(reading.value, VALUE, 'right')}  `, isSick(level) ? 'strong' : undefined),
    span(`${symbol} `, tone),
    span(said, tone),
  ];
}

function foldedLine(rest: readonly Reading[]): Line {
  const sick = rest.filter((reading) => isGrave(reading.level)).length;
  const unknown = rest.filter((reading) => reading.level === 'unknown').length;
  const waiting = rest.every((reading) => reading.level !== 'unknown' || reading.waiting);
  const names = rest.map((reading) => reading.gauge.title).join(', ');
  if (sick > 0) return [span(`+${rest.length} more, ${sick} of them sick: ${names}`, 'warning')];
  return unknown > 0
    ? [
        span(
          `+${rest.length} more: ${rest.length - unknown} ok, ${unknown} not ${waiting ? 'read yet' : 'readable'}: ${names}`,
          'muted',
        ),
      ]
    : [span(`+${rest.length} more `), span(`${SYMBOL.ok} ok`, 'ok'), span(`  ${names}`, 'muted')];
}
