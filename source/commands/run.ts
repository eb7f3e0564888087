import { parseDuration } from './arguments/duration.js';
import { labOption, parseLab, SWARM_LAB } from './arguments/lab-option.js';
import { parseFindingsFile, parseRecordFile } from './arguments/record-file.js';
import { parseScenarioForm } from './arguments/scenario.js';
import { UsageError } from './arguments/usage-error.js';
import { type Command, UNWIND_MS } from './command.js';

export const runCommand: Command = {
  usage: 'faultline run <id>[:form]|all [--lab embedded|docker|swarm] [--hold 20s] [--dry-run] [--json]',
  about: [
    'Starts a lab, waits until it is healthy, causes the failure for real, waits until it is felt and until the',
    'right finding is on top, does what an engineer would do, verifies the recovery and rolls everything back.',
    'Ends with 0 when all of that happened, 1 when not, 3 when there can be no lab here.',
    '--lab swarm makes one small service of two replicas instead, kills it or changes its limits by service updates,',
    'and ends with a page of findings (container-kill, cpu-limit, memory-limit).',
    '--json prints one event a line, {t, scenario, phase, ...}, and a last line with the result.',
  ],
  events: true,
  unwindMs: UNWIND_MS.undo,
  options: {
    lab: { ...labOption, value: 'embedded|docker|swarm' },
    findings: {
      value: 'FILE',
      help: 'on the Swarm lab: the page of findings as Markdown (default: after the text)',
      example: 'findings.md',
    },
    hold: {
      value: 'DURATION',
      help: 'once named, watch this long that it does not heal by itself (default not at all)',
      example: '20s',
    },
    'dry-run': { help: 'what it would cause and how that ends; nothing is started, nothing is written' },
    json: { help: 'NDJSON events instead of text' },
    record: {
      value: 'FILE',
      help: 'write every probe outcome to a file, one JSON line each',
      example: 'run.ndjson',
    },
  },
  positionals: 1,
  examples: [
    { command: 'faultline run traffic-spike --hold 20s', does: 'the main demonstration as text' },
    { command: 'faultline run latency --lab docker', does: 'in containers' },
    {
      command: 'faultline run partition:one-way --lab docker',
      does: 'one form of several',
    },
    { command: 'faultline run all --json', does: 'every failure mode, for a script' },
    {
      command: 'faultline run all --lab swarm --findings findings.md',
      does: 'self-healing of a Swarm service',
    },
    { command: 'faultline run database-down --record down.ndjson', does: 'and keep what the probes saw' },
  ],
  async run({ args, io, signal }) {
    const [id] = args.positionals;
    if (id === undefined)
      throw new UsageError('run needs a scenario: faultline run traffic-spike, or faultline run all');
    const hold = args.value('hold');
    const holdMs = hold === undefined ? 0 : parseDuration(hold, '--hold');
    const record = parseRecordFile(args.value('record'));
    const findings = parseFindingsFile(args.value('findings'));
    if (args.value('lab') === SWARM_LAB) {
      const { runSwarm } = await import('./run/swarm.js');
      const [json, dryRun] = [args.flag('json'), args.flag('dry-run')];
      return runSwarm({ id, holdMs, dryRun, findings, record, json, io, signal });
    }
    if (findings !== undefined) throw new UsageError('--findings is for --lab swarm');
    const lab = parseLab(args.value('lab'));
    const one = id === 'all' ? undefined : await parseScenarioForm(id);
    if (args.flag('dry-run')) {
      const { dryRunOnLab } = await import('./run/dry-run.js');
      return dryRunOnLab({ lab, one, json: args.flag('json'), io });
    }
    const { runOnLab } = await import('./run/lab-run.js');
    return runOnLab({ lab, one, holdMs, record, json: args.flag('json'), io, signal });
  },
};
