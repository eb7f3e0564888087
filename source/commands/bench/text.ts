import { duration } from '../../terminal/format.js';
import { table } from '../text/table.js';
import type { Bin, Figures, ScenarioFigures } from './figures.js';
import { isRight, type Measured } from './measured.js';

/** One run as a line: `3/40  latency, round 1: named first in 4.2 s`. */
export function runText(one: Measured): string {
  const what = one.kind === 'control' ? `control ${one.what}` : `${one.what}, round ${one.round}`;
  if (one.reason !== null) return `${what}: NOT MEASURED: ${one.reason}`;
  const ids = one.told.map(({ id }) => id).join(', ') || 'nothing';
  if (one.kind === 'control') return `${what}: ${isRight(one) ? 'quiet' : `ALARM: ${ids}`}`;
  const place = one.placed === false ? ', NOT ITS PLACE' : '';
  if (!isRight(one)) return `${what}: WRONG: ${ids}`;
  return `${what}: ${one.kind === 'pair' ? 'both named' : 'named first'} in ${ms(one.namedMs)}${place}`;
}

/** Everything as text for a terminal. */
export const figuresText = (figures: Figures): string => {
  const sections = sectionsOf(figures).map(({ title, rows }) => `${title}\n\n${table(rows)}`);
  return [...sections, totals(figures).join('\n')].join('\n\n');
};

/** The same as Markdown, to be kept beside the code. */
export function figuresMarkdown(figures: Figures): string {
  const sections = sectionsOf(figures).map(({ title, rows: [head = [], ...rows] }) =>
    [
      `## ${title}`,
      '',
      ...[head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(escaped).join(' | ')} |`),
    ].join('\n'),
  );
  return `${[...sections, totals(figures).join('\n\n')].join('\n\n')}\n`;
}

/** The last line of `--json`: what benchmarks and scripts read. */
export function figuresJson({ top1, medianMs, p95Ms, falseAlarms, brier, matrix, bins }: Figures): object {
  return {
    ...{ top1, median_ms_to_name: medianMs, p95_ms_to_name: p95Ms, false_alarms: falseAlarms, brier },
    matrix: Object.fromEntries([...matrix].map(([id, told]) => [id, Object.fromEntries(told)])),
    calibration: bins,
  };
}

interface Section {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

function sectionsOf({ scenarios, pairs, controls, bins, matrix }: Figures): Section[] {
  const all: Section[] = [
    { title: 'Failures, one at a time', rows: scenarioRows('named first', scenarios) },
    { title: 'Two at a time, both named', rows: scenarioRows('both named', pairs) },
    { title: 'Nothing wrong', rows: [['control', 'runs', 'quiet', 'told'], ...controls.map(controlRow)] },
    {
      title: 'What was caused, and what was told first',
      rows: [
        ['caused', 'told first'],
        ...[...matrix].map(([id, told]) => [
          id,
          [...told].map(([name, count]) => `${name} ${count}`).join(', '),
        ]),
      ],
    },
    {
      title: 'How often a score was right',
      rows: [['score', 'right', 'share', 'surely between'], ...bins.map(binRow)],
    },
  ];
  return all.filter(({ rows }) => rows.length > 1);
}

const scenarioRows = (right: string, all: readonly ScenarioFigures[]): string[][] => [
  ['caused', right, 'in its place', 'median', 'p95', 'score', 'instead'],
  ...all.map((one) => [
    one.what,
    `${one.right} of ${one.runs}`,
    one.placeable === 0 ? '-' : `${one.placed} of ${one.placeable}`,
    ms(one.medianMs),
    ms(one.p95Ms),
    one.scores === null ? '-' : one.scores.map((score) => score.toFixed(2)).join(' to '),
    insteadText(one),
  ]),
];

const controlRow = (one: ScenarioFigures): string[] => [
  one.what,
  String(one.runs),
  String(one.right),
  insteadText(one),
];

const insteadText = ({ instead }: ScenarioFigures): string =>
  [...instead].map(([id, count]) => (count > 1 ? `${id} (${count})` : id)).join(', ') || '-';

const binRow = ({ from, to, right, of, interval: [least, most] }: Bin): string[] => [
  `${from} to ${to}`,
  `${right} of ${of}`,
  percent(right / of),
  `${percent(least)} and ${percent(most)}`,
];

function totals({ top1, medianMs, p95Ms, falseAlarms, brier }: Figures): string[] {
  const named = top1 === null ? [] : [`Named first: ${percent(top1)} of all runs of one failure.`];
  const times =
    medianMs === null
      ? []
      : [`From the first symptom to the name: median ${ms(medianMs)}, p95 ${ms(p95Ms)}.`];
  const score = brier === null ? [] : [`Brier score of what was told first: ${brier.toFixed(3)}.`];
  return [...named, ...times, `Findings while nothing was wrong: ${falseAlarms}.`, ...score];
}

const ms = (value: number | null): string => (value === null ? '-' : duration(value));
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
