import type { Source } from '../../probes/source.js';
import type { OptionTable, ParsedArguments } from '../arguments/options.js';
import { UsageError } from '../arguments/usage-error.js';
import { WATCH_OPTIONS } from '../arguments/watch-options.js';

export const DEFAULT_FOR = '1s';

export const PROBE_OPTIONS: OptionTable = {
  ...WATCH_OPTIONS,
  on: { value: 'CONTAINER', help: 'container, or compose service, to look into', example: 'web' },
  for: {
    value: 'DURATION',
    help: `how long logs and events are listened to (default ${DEFAULT_FOR})`,
    example: '5s',
  },
  json: { help: 'one JSON object instead of text' },
};

/** What a source asks for is there, and nothing else is. Throws UsageError. */
export function checkOptions(id: string, source: Source<unknown>, args: ParsedArguments): void {
  const { asks = [], takes = [], listens } = source;
  const known: readonly string[] = [...asks, ...takes, ...(listens ? ['for'] : []), 'json'];
  const other = args.given.find((name) => !known.includes(name));
  if (other !== undefined) throw new UsageError(`--${other} is not for probe ${id}`);
  for (const name of asks)
    if (args.values(name).length > 1 && name !== 'database')
      throw new UsageError(`one sample is of one --${name}: give it once`);
  if (asks.length > 0 && !asks.some((name) => args.given.includes(name)))
    throw new UsageError(`probe ${id} asks for ${written(asks[0] ?? '', id, 'example')}`);
}

/** How an option is written for a source: with its value's name, or with an example of one. */
export function written(name: string, id: string, as: 'value' | 'example'): string {
  if (id === 'lookups') return as === 'value' ? '--name CONTAINER/NAME' : '--name web/api.internal';
  return `--${name} ${PROBE_OPTIONS[name]?.[as]}`;
}
