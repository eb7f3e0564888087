import type { Capability } from '../../probes/capabilities.js';
import { refusal, wantsAscii } from '../../terminal/environment.js';
import { LEAST, layoutFor } from '../../terminal/size.js';

type Environment = Readonly<Record<string, string | undefined>>;
interface Input {
  readonly isTTY?: boolean;
}
interface Output extends Input {
  readonly columns?: number;
  readonly rows?: number;
}

/** What the terminal gives the console: whether it can be drawn at all, its size, its characters and colours. */
export function examineTerminal(env: Environment, stdin: Input, stdout: Output): readonly Capability[] {
  const refused = refusal(env, { stdin, stdout });
  const console_ = { id: 'terminal', title: 'Console on this terminal' };
  const characters = { id: 'characters', title: 'Symbols' };
  const ascii = wantsAscii(env);
  return [
    refused === undefined
      ? { ...console_, ...sizeVerdict(stdout.columns ?? 80, stdout.rows ?? 24) }
      : { ...console_, state: 'no', means: 'plain text', reason: refused, mend: null },
    ascii
      ? {
          ...characters,
          state: 'partly',
          means: 'ASCII',
          reason: 'the locale is not UTF-8, or ASCII was asked for',
          mend: 'export LANG=C.UTF-8',
        }
      : { ...characters, state: 'yes', means: 'Unicode', reason: null, mend: null },
    {
      id: 'colours',
      title: 'Colours',
      state: 'yes',
      means: env.NO_COLOR
        ? 'none: NO_COLOR is set; every colour has a symbol and a word'
        : '16 named colours',
      reason: null,
      mend: null,
    },
  ];
}

function sizeVerdict(columns: number, rows: number): Omit<Capability, 'id' | 'title'> {
  const means = `${columns} by ${rows}`;
  const layout = layoutFor(columns, rows);
  const needs = ({ columns, rows }: { columns: number; rows: number }): string => `${columns} by ${rows}`;
  if (layout === 'none')
    return { state: 'no', means, reason: `it needs ${needs(LEAST.single)} at least`, mend: null };
  if (layout === 'single')
    return {
      state: 'partly',
      means,
      reason: `one panel at a time below ${needs(LEAST.standard)}`,
      mend: null,
    };
  return { state: 'yes', means, reason: null, mend: null };
}
