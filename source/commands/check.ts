import { parseDuration } from './arguments/duration.js';
import { NO_RISKS, readWatchSettings, WATCH_ABOUT, WATCH_OPTIONS } from './arguments/watch-options.js';
import { type Command, EXIT, UNWIND_MS } from './command.js';

const DEFAULT_FOR = '10s';

export const checkCommand: Command = {
  usage:
    'faultline check [--for 10s] [--target URL ...] [--name NAME ...] [--database URL] [--redis URL] [--json]',
  about: [
    'Watches this host for a while and says what is wrong: each finding with its evidence, what was ruled out and',
    'because of what, and the fix. Ends with 0 when nothing is wrong (notices alone are not), 1 when something is or',
    'a target or name that was given fails, 3 when something that was asked for could not be probed at all: a target',
    'whose turn did not come, a Docker that was named (DOCKER_HOST, a context) and does not answer; or when nothing was',
    'found in a look that is too short to judge by. Latent risks (what is well now and will fail one day) stand apart and',
    'count for nothing.',
    ...WATCH_ABOUT,
    '--json prints one object: {schema, host, capabilities, signals, unread, findings, risks, alerts, alertRules,',
    'rules, asked}: alerts are the findings, alertRules those of the failure documents.',
  ],
  unwindMs: UNWIND_MS.watch,
  options: {
    for: { value: 'DURATION', help: `how long to watch (default ${DEFAULT_FOR})`, example: '20s' },
    ...WATCH_OPTIONS,
    'no-risks': NO_RISKS,
    json: { help: 'one JSON object instead of text' },
  },
  positionals: 0,
  examples: [
    { command: 'faultline check', does: 'ten seconds of this host' },
    {
      command: 'faultline check --target http://127.0.0.1:8080/health --for 20s',
      does: 'with a service on it',
    },
    { command: "faultline check --json | jq '.findings[].title'", does: 'for a script' },
  ],
  async run({ args, io, signal }) {
    const forMs = parseDuration(args.value('for') ?? DEFAULT_FOR, '--for');
    const settings = readWatchSettings(args);
    const { watchHost } = await import('./check/watch.js');
    const report = await watchHost({ forMs, settings, signal, progress: io.progress });
    const { toJson, toText } = await import('./check/report.js');
    const { tooShortFor } = await import('./check/asked.js');
    const shown = { noRisks: args.flag('no-risks') };
    if (args.flag('json')) io.json(toJson(report, shown), 2);
    else io.print(toText(report, shown));
    const { findings } = report.state;
    const { failing, unread } = report.asked;
    if (findings.some(isWrong) || failing.length > 0) return EXIT.findings;
    const isOpen = unread.length > 0 || tooShortFor(report.state, report.host.watchedMs) !== undefined;
    return isOpen ? EXIT.unavailable : EXIT.ok;
  },
};

function isWrong(finding: { readonly state: string; readonly severity: string }): boolean {
  return finding.state !== 'pending' && finding.severity !== 'notice';
}
