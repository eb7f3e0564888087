import { parseDuration } from './arguments/duration.js';
import { readWatchSettings, WATCH_ABOUT, WATCH_OPTIONS } from './arguments/watch-options.js';
import { type Command, EXIT, UNWIND_MS } from './command.js';

const DEFAULT_FOR = '10s';
/** Changes when a field changes its meaning or goes. */
const ALERTS_SCHEMA = 'faultline/alerts/1';

export const alertsCommand: Command = {
  usage: 'faultline alerts [--for 10s] [--target URL ...] [--name NAME ...] [--json]',
  about: [
    'The alerts that the failure documents ask for, with the time for which each has to hold: inactive, pending or',
    'firing, where and since when; or unread, where nothing is read that it could be judged by. An alert fires only in',
    'a look that is as long as its time: --for 3m sees all of them. Ends with 1 when one fires.',
    ...WATCH_ABOUT,
    '--json prints one object: {schema, host, alerts}.',
  ],
  unwindMs: UNWIND_MS.watch,
  options: {
    for: { value: 'DURATION', help: `how long to watch (default ${DEFAULT_FOR})`, example: '3m' },
    ...WATCH_OPTIONS,
    json: { help: 'one JSON object instead of text' },
  },
  positionals: 0,
  examples: [
    {
      command: 'faultline alerts --target http://127.0.0.1:8080/ --for 3m',
      does: 'long enough for each of them to fire',
    },
    { command: "faultline alerts --json | jq '.alerts[] | {name, state}'", does: 'for a script' },
  ],
  async run({ args, io, signal }) {
    const forMs = parseDuration(args.value('for') ?? DEFAULT_FOR, '--for');
    const settings = readWatchSettings(args);
    const { watchHost } = await import('./check/watch.js');
    const { host, state } = await watchHost({ forMs, settings, signal, progress: io.progress });
    const { alertJson, alertRows } = await import('./text/alerts.js');
    const { table } = await import('./text/table.js');
    if (args.flag('json')) {
      const at = new Date(host.at).toISOString();
      const alerts = state.alertRules.map(alertJson);
      io.json({ schema: ALERTS_SCHEMA, host: { ...host, at }, alerts }, 2);
    } else io.print(table(alertRows(state.alertRules)));
    return state.alertRules.some((rule) => rule.state === 'firing') ? EXIT.findings : EXIT.ok;
  },
};
