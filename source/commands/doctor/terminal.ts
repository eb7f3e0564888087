import type { Capability } from '../../probes/capabilities.js';
import { refusal, wantsAscii } from '../../terminal/environment.js';

type Environment = Readonly<Record<string, string | undefined>>;
interface Input {
  readonly isTTY?: boolean;
}
interface Output extends Input {
  readonly columns?: number;
  readonly rows?: number;
}

/** Below this the console shows one panel at a time, and below 40 by 12 none. */
const FULL = { columns: 80, rows: 24 };
const LEAST = { columns: 40, rows: 12 };

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
  if (columns < LEAST.columns || rows < LEAST.rows)
    return { state: 'no', means, reason: `needs ${LEAST.columns} by ${LEAST.rows}`, mend: null };
  if (columns < FULL.columns || rows < FULL.rows)
    return {
      state: 'partly',
      means,
      reason: `one panel at a time below ${FULL.columns} by ${FULL.rows}`,
      mend: null,
    };
  return { state: 'yes', means, reason: null, mend: null };
}
