import type { OptionTable } from './arguments/options.js';
import type { Command, CommandEntry } from './command.js';
import { indent, table } from './text/table.js';

const EXIT_CODES = [
  '0  healthy, or passed',
  '1  findings, or failed',
  '2  what was typed is wrong; one line says what',
  '3  a source or a lab that was asked for is not available',
];

const WHEN_ODD = [
  [
    'FAULTLINE_DEBUG=1',
    'writes what every probe, rule, daemon call and action did to a file; doctor says where',
  ],
  ['FAULTLINE_DEBUG=FILE', 'the same to a file of yours (0600, 10 MiB and one before it, no secrets)'],
  ['faultline probe SOURCE', 'what one source says, now'],
];

const FIRST_STEPS = [
  ['faultline demo', 'watch a healthy application, break it with one key, see why, fix it'],
  ['faultline', 'the same console on this host'],
  ['faultline check --target http://127.0.0.1:8080/', 'what is wrong with that, right now, as text'],
  ['faultline run traffic-spike', 'one failure end to end without a screen'],
  ['faultline doctor', 'what this host lets Faultline see, and what would grant the rest'],
];

/** The page of `faultline --help`. */
export function generalHelp(entries: readonly CommandEntry[], version: string): string {
  return [
    `Faultline ${version} sees network symptoms, causes known failures on a lab, names them and proves recovery.`,
    '',
    'Usage: faultline [command] [options]',
    '',
    'Commands',
    indent(table(entries.map((entry) => [entry.name || '(none)', entry.summary]))),
    '',
    'Begin here',
    indent(table(FIRST_STEPS)),
    '',
    'When something is odd',
    indent(table(WHEN_ODD)),
    '',
    'Exit codes',
    indent(EXIT_CODES.join('\n')),
    '',
    'faultline <command> --help says more about one, with examples. --version prints the version.',
  ].join('\n');
}

/** The page of `faultline <command> --help`. */
export function commandHelp(command: Command): string {
  const options = optionRows(command.options);
  return [
    `Usage: ${command.usage}`,
    '',
    ...command.about,
    ...(options.length > 0 ? ['', 'Options', indent(table(options))] : []),
    '',
    'Examples',
    indent(table(command.examples.map(({ command: typed, does }) => [typed, does]))),
  ].join('\n');
}

function optionRows(options: OptionTable): string[][] {
  return Object.entries(options).map(([name, spec]) => [
    `--${name}${spec.value === undefined ? '' : ` ${spec.value}`}`,
    `${spec.help}${spec.repeatable ? ' (repeatable)' : ''}`,
  ]);
}
