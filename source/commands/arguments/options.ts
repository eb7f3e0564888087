import { parseArgs } from 'node:util';
import { nearest, suggestion } from './nearest.js';
import { UsageError } from './usage-error.js';

/** One option of a command. `value` is what its value is called in the help; an option without it is a switch. */
export interface OptionSpec {
  readonly help: string;
  readonly value?: string;
  readonly example?: string;
  readonly short?: string;
  readonly repeatable?: boolean;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What was typed after the command, checked. */
export interface ParsedArguments {
  readonly positionals: readonly string[];
  /** Names of the options that were given. */
  readonly given: readonly string[];
  flag(name: string): boolean;
  /** The last value given. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

/**
 * Parses what follows a command. Throws UsageError, one line with the nearest right thing, for an option that the
 * table does not hold, a value that is missing or too many, and an option given twice that may be given once.
 */
export function parseOptions(argv: readonly string[], table: OptionTable): ParsedArguments {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(table).map(([name, spec]) => [
        name,
        {
          type: spec.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(spec.short === undefined ? {} : { short: spec.short }),
        },
      ]),
    ),
  });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (!spec) throw new UsageError(unknownOption(token.rawName, table));
    const before = given.get(token.name) ?? [];
    if (before.length > 0 && spec.value !== undefined && !spec.repeatable)
      throw new UsageError(`--${token.name} is given twice: give it once`);
    given.set(token.name, [...before, checkedValue(token, spec)]);
  }
  return {
    positionals,
    given: [...given.keys()],
    flag: (name) => given.has(name),
    value: (name) => given.get(name)?.at(-1),
    values: (name) => given.get(name) ?? [],
  };
}

function checkedValue(
  token: {
    readonly name: string;
    readonly value?: string | undefined;
    readonly inlineValue?: boolean | undefined;
  },
  spec: OptionSpec,
): string {
  if (spec.value === undefined) {
    if (token.value !== undefined)
      throw new UsageError(`--${token.name} takes no value: write --${token.name}`);
    return '';
  }
  const missing =
    token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('--'));
  if (missing)
    throw new UsageError(`--${token.name} needs a value: --${token.name} ${spec.example ?? spec.value}`);
  return token.value as string;
}

function unknownOption(rawName: string, table: OptionTable): string {
  const names = Object.keys(table).map((name) => `--${name}`);
  if (names.length === 0) return `unknown option ${rawName}: there are none here`;
  const near = nearest(rawName, names);
  return `unknown option ${rawName}${near === undefined ? suggestion(rawName, names) : `: did you mean ${near}?`}`;
}
