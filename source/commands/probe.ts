import type { Source } from '../probes/source.js';
import { parseDuration } from './arguments/duration.js';
import { suggestion } from './arguments/nearest.js';
import { UsageError } from './arguments/usage-error.js';
import { readWatchSettings } from './arguments/watch-options.js';
import { type Command, EXIT, UNWIND_MS } from './command.js';
import { checkOptions, DEFAULT_FOR, PROBE_OPTIONS } from './probe/options.js';

export const probeCommand: Command = {
  usage: 'faultline probe [source] [--target URL] [--name NAME] [--on CONTAINER] [--json]',
  about: [
    'Takes one sample of one source on this host and prints it: what a probe returns before anything is made of it.',
    'Without a source it lists them: what each reads, what it asks for, and whether it can be read here.',
    'http, dns, postgres and redis read what --target, --name, --database and --redis name, as check does;',
    'inside looks into the container of --on, lookups asks --name CONTAINER/NAME from inside that container.',
    'Counters are totals: rates take two readings, which check and the console make.',
    'Ends with 0 when there is a sample, whatever it says, 2 for what was typed wrong, 3 when the source cannot be',
    'read here: the reason is told, and the command that grants it.',
    '--json prints one object: {schema, id, at, tookMs, ok, sample}, with lacks where one sample does not tell all;',
    'where ok is false, reason and mend instead of the sample.',
  ],
  unwindMs: UNWIND_MS.watch,
  options: PROBE_OPTIONS,
  positionals: 1,
  examples: [
    { command: 'faultline probe', does: 'the sources, and which can be read here' },
    { command: 'faultline probe sockets', does: 'sockets by state, listen queues' },
    { command: 'faultline probe http --target http://127.0.0.1:8080/', does: 'one request, phase by phase' },
    { command: 'faultline probe dns --name api.internal@10.0.0.2', does: 'one lookup, step by step' },
    { command: 'faultline probe inside --on web --json | jq .sample.routes', does: 'as a container sees it' },
  ],
  async run({ args, io, signal }) {
    const [typed] = args.positionals;
    const json = args.flag('json');
    if (typed === undefined) {
      const { listSources } = await import('./probe/list.js');
      const rows = await listSources(signal);
      const { listJson, listText } = await import('./probe/text.js');
      if (json) io.json(listJson(rows), 2);
      else io.print(listText(rows));
      return EXIT.ok;
    }
    const { sources } = await import('../probes/registry.js');
    if (!Object.hasOwn(sources, typed))
      throw new UsageError(`unknown source ${typed}${suggestion(typed, Object.keys(sources))}`);
    const id = typed as keyof typeof sources;
    const source: Source<unknown> = sources[id];
    checkOptions(id, source, args);
    const settings = readWatchSettings(args);
    const named = settings.names[0]?.inside ?? undefined;
    if (id === 'lookups' && named === undefined)
      throw new UsageError('probe lookups asks from inside a container: --name CONTAINER/NAME');
    if (id === 'dns' && named !== undefined)
      throw new UsageError(
        `--name ${args.value('name')} is asked from inside ${named}: faultline probe lookups`,
      );
    const listenMs = parseDuration(args.value('for') ?? DEFAULT_FOR, '--for');
    const container = args.value('on') ?? named;
    const { sampleOnce, withHostEngine } = await import('../runtime/one-sample.js');
    const { systemClock } = await import('../clock.js');
    const outcome = await withHostEngine((engine) =>
      sampleOnce(id, engine, { settings, container, listenMs, clock: systemClock, signal }),
    );
    const { sampleJson, sampleText } = await import('./probe/text.js');
    if (json) io.json(sampleJson(outcome), 2);
    else if (outcome.ok) io.print(sampleText(outcome));
    else io.say(`faultline: ${sampleText(outcome)}`);
    return outcome.ok ? EXIT.ok : EXIT.unavailable;
  },
};
