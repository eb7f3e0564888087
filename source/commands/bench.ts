import { parseDuration } from './arguments/duration.js';
import { labOption, parseLab } from './arguments/lab-option.js';
import { suggestion } from './arguments/nearest.js';
import { UsageError } from './arguments/usage-error.js';
import { type Command, UNWIND_MS } from './command.js';

/** What can be measured. */
const WHAT = ['diagnosis'] as const;

/** Cases that are run elsewhere, and counted here. */
const FIELD = 'field';

const DEFAULT = { runs: 5, controlMs: 180_000, longMs: 600_000 } as const;
/** A hundred runs of everything take a day. */
const MOST_RUNS = 100;

export const benchCommand: Command = {
  usage: 'faultline bench diagnosis [--lab embedded|docker|field] [--runs 5] [--only NAME,NAME] [--json]',
  about: [
    'Measures how often the right failure is named first, how soon, and whether the scores mean anything: causes',
    'every failure of a lab several times, pairs of them, and leaves it well under harmless load; then prints what was',
    'caused against what was told, times, places, false alarms and how often each score was right.',
    'It goes on where it stopped: results are kept, one line for each run. Ends with 0 when all was right, 1 when not.',
    '--lab field counts what the field cases of a checkout gave: npm run field -- --results FILE, then --results FILE.',
    '--json prints a line for each run, and a last one with the figures.',
  ],
  events: true,
  unwindMs: UNWIND_MS.undo,
  options: {
    lab: { ...labOption, value: 'embedded|docker|field' },
    runs: { value: 'N', help: `runs of each failure (default ${DEFAULT.runs})`, example: '3' },
    only: {
      value: 'NAMES',
      help: 'these scenarios, pairs or controls only, with commas between',
      example: 'latency,healthy',
    },
    'control-time': {
      value: 'DURATION',
      help: `how long each control is watched (default ${DEFAULT.controlMs / 60_000}m)`,
      example: '1m',
    },
    long: { help: `watch each control for ${DEFAULT.longMs / 60_000} minutes` },
    results: {
      value: 'FILE',
      help: 'where the runs are kept (default in the state folder, one for each lab)',
    },
    fresh: { help: 'forget the runs that are kept, and begin anew' },
    table: { value: 'FILE', help: 'write the tables as Markdown, too', example: 'diagnosis.md' },
    json: { help: 'NDJSON instead of text' },
  },
  positionals: 1,
  examples: [
    { command: 'faultline bench diagnosis --lab docker', does: 'everything, five times' },
    { command: 'faultline bench diagnosis --runs 1 --only latency', does: 'one failure, once' },
    {
      command: 'faultline bench diagnosis --only healthy,surge --long',
      does: 'false alarms, ten minutes each',
    },
  ],
  async run({ args, io, signal }) {
    const [what] = args.positionals;
    if (what === undefined)
      throw new UsageError('bench needs to know what to measure: faultline bench diagnosis');
    if (!WHAT.some((one) => one === what))
      throw new UsageError(`nothing to measure is called ${what}${suggestion(what, WHAT)}`);
    const output = { table: args.value('table'), json: args.flag('json'), io };
    const results = args.value('results');
    if (args.value('lab') === FIELD) {
      if (results === undefined)
        throw new UsageError(
          '--lab field needs --results FILE, which npm run field -- --results FILE writes',
        );
      const { readFieldResults } = await import('./bench/field-results.js');
      const { tellFigures } = await import('./bench/diagnosis.js');
      return tellFigures(readFieldResults(results), { results, ...output });
    }
    const lab = parseLab(args.value('lab'));
    const runs = parseRuns(args.value('runs'));
    const time = args.value('control-time');
    const controlMs = time === undefined ? DEFAULT.controlMs : parseDuration(time, '--control-time');
    const only = (args.value('only') ?? '').split(',').filter((name) => name !== '');
    const { benchDiagnosis } = await import('./bench/diagnosis.js');
    const { resultsFileOf } = await import('./bench/book.js');
    return benchDiagnosis({
      ...{ lab, runs, only, signal, ...output },
      controlMs: args.flag('long') ? DEFAULT.longMs : controlMs,
      results: results ?? resultsFileOf(lab),
      fresh: args.flag('fresh'),
    });
  },
};

function parseRuns(text: string | undefined): number {
  if (text === undefined) return DEFAULT.runs;
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS)
    throw new UsageError(`--runs takes a number from 1 to ${MOST_RUNS}, not ${text}`);
  return runs;
}
