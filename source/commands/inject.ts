import { parseDuration } from './arguments/duration.js';
import { UsageError } from './arguments/usage-error.js';
import { type Command, EXIT, UNWIND_MS } from './command.js';
import { injectOptions } from './inject/options.js';
import { Refused } from './refused.js';

/** Milliseconds a fault is there where nobody says otherwise. */
const DEFAULT_FOR_MS = 60_000;

export const injectCommand: Command = {
  usage: 'faultline inject <kind> --on CONTAINER [how much] [--for 60s] [--dry-run] [--json]',
  about: [
    'Causes one fault in one container of this Docker, checks its effect, and rolls it back: when its time is over,',
    'with Ctrl-C, and by itself when this program is killed. "clean" is said only when nothing differs from before.',
    'The container needs the label faultline.target=true, or its name typed in confirmation (--confirm NAME).',
    '',
    'Kinds',
    '  delay --ms 200 [--jitter 20]           every packet waits, once a round trip',
    '  loss --percent 10                      packets that arrive are lost at random',
    '  drop-peer --peer NAME [--ways in]      packets from and to another container or address are lost',
    '  dns-answer [--rcode SERVFAIL]          whatever nameserver it asks, it is told this',
    '  dns-drop                               no answer of any nameserver arrives',
    '  bandwidth --kbit 1000 [--queue 300]    what it sends is held to a rate',
    '  cpu --cpus 0.1, memory --memory 50m    a limit, as docker update sets it',
    '  allocate --memory 80m [--victim pid-1] a process in it takes memory, up to the OOM killer',
    '  open-files --limit 64                  at most so many open files a process',
    '  kill [--signal SIGTERM], pause         its first process gets a signal; all are frozen',
    '  disconnect [--network NAME]            it is taken off a network',
    '',
    'Nothing that belongs to the whole host (nf_conntrack_max, rules of the host, the daemon itself) is offered: only',
    'what lies within one container is touched. Ends with 0 when its effect was seen (or could not be told) and all',
    'is clean, 1 when not, 2 for what was typed wrong, 3 without Docker.',
  ],
  events: true,
  unwindMs: UNWIND_MS.undo,
  options: injectOptions,
  positionals: 1,
  examples: [
    {
      command: 'faultline inject delay --on web --ms 200 --for 30s',
      does: 'half a minute of a slow network',
    },
    {
      command: 'faultline inject delay --on web --ms 200 --dry-run',
      does: 'every read and command of it first',
    },
    { command: 'faultline inject drop-peer --on web --peer db --ways in', does: 'an asymmetric partition' },
    { command: 'faultline inject memory --on web --memory 64m --confirm web', does: 'without the label' },
  ],
  async run({ args, io, signal }) {
    const [kind] = args.positionals;
    const { parseFault } = await import('./inject/parse-fault.js');
    const fault = parseFault(kind, args);
    const forMs =
      args.value('for') === undefined ? DEFAULT_FOR_MS : parseDuration(args.value('for') ?? '', '--for');
    const json = args.flag('json');
    const confirm = args.value('confirm');
    if (confirm !== undefined && confirm !== fault.on)
      throw new UsageError(
        `--confirm ${confirm} is not the container of --on ${fault.on}: type the same name`,
      );
    const { withDocker } = await import('./inject/with-docker.js');
    const ended = await withDocker(async (engine) => {
      const { dryRunOf } = await import('./inject/dry-run.js');
      if (args.flag('dry-run')) return dryRunOf(engine, fault, { forMs, json, io, signal });
      const { injectOne } = await import('./inject/inject-one.js');
      return injectOne(engine, fault, { forMs, json, confirm: confirm !== undefined, io, signal });
    });
    if (typeof ended === 'number') return ended;
    throw new Refused(ended.trouble, EXIT.unavailable);
  },
};
