import { writeFileSync } from 'node:fs';
import { failureModes } from '../../../scenarios/index.js';
import { createRuntime, type Runtime } from '../../runtime/index.js';
import { duration } from '../../terminal/format.js';
import type { LabKind } from '../arguments/lab-option.js';
import { type CommandIo, EXIT } from '../command.js';
import { openLab } from '../run/open-lab.js';
import { openResults, type ResultBook } from './book.js';
import { controlsOn } from './controls.js';
import { figuresOf } from './figures.js';
import { measure } from './measure.js';
import { isRight, type Measured } from './measured.js';
import { type Job, openJobs, planOf } from './plan.js';
import { figuresJson, figuresMarkdown, figuresText, runText } from './text.js';

export interface BenchOptions {
  readonly lab: LabKind;
  readonly runs: number;
  readonly only: readonly string[];
  readonly controlMs: number;
  readonly results: string;
  readonly fresh: boolean;
  /** Where the tables go as Markdown, besides. */
  readonly table: string | undefined;
  readonly json: boolean;
  readonly io: CommandIo;
  readonly signal: AbortSignal;
}

/** Causes everything several times and counts what is told. Resolves to 0 when all of it was right, else 1. */
export async function benchDiagnosis(options: BenchOptions): Promise<number> {
  const { io, signal } = options;
  const book = openResults(options.results, options.fresh);
  const lab = await openLab(options.lab, io, signal);
  const runtime = await createRuntime({ lab, modes: failureModes }).catch(async (error) => {
    await lab.close();
    throw error;
  });
  let plan: readonly Job[] = [];
  try {
    plan = planOf({ causings: runtime.causings, controls: controlsOn(lab), ...options });
    const open = openJobs(plan, book.measured);
    if (open.length < plan.length)
      io.say(
        `${plan.length - open.length} of ${plan.length} runs are in ${book.file}; --fresh measures them again`,
      );
    await measureAll(options, runtime, open, book);
  } finally {
    io.progress('closing the lab');
    await runtime.close();
    io.progress('');
  }
  signal.throwIfAborted();
  const planned = new Set(plan.map(({ what }) => what));
  return tellFigures(
    book.measured.filter(({ what }) => planned.has(what)),
    options,
  );
}

/** The figures of runs that were made, as text, JSON and Markdown. 0 when all of them are right, else 1. */
export function tellFigures(
  measured: readonly Measured[],
  { io, json, table, results }: Pick<BenchOptions, 'io' | 'json' | 'table' | 'results'>,
): number {
  const figures = figuresOf(measured);
  if (table !== undefined) writeFileSync(table, figuresMarkdown(figures));
  if (json) io.json(figuresJson(figures));
  else io.print(`\n${figuresText(figures)}\n\nresults: ${results}`);
  return measured.every(isRight) ? EXIT.ok : EXIT.findings;
}

async function measureAll(
  { io, json, controlMs, signal }: BenchOptions,
  runtime: Runtime,
  jobs: readonly Job[],
  book: ResultBook,
): Promise<void> {
  const began = runtime.clock.now();
  for (const [i, job] of jobs.entries()) {
    const left = i === 0 ? '' : `, ${duration(((runtime.clock.now() - began) / i) * (jobs.length - i))} left`;
    io.progress(`${bar(i / jobs.length)} ${i + 1} of ${jobs.length}${left}: ${job.what}`);
    const one = await measure({ runtime, job, controlMs, signal });
    io.progress('');
    if (signal.aborted) return;
    book.add(one);
    if (json) io.json(one);
    else io.print(`${String(i + 1).padStart(3)}/${jobs.length}  ${runText(one)}`);
  }
}

const BAR = 20;

const bar = (share: number): string => {
  const full = Math.round(BAR * share);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`;
};
