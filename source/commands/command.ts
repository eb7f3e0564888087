import type { OptionTable, ParsedArguments } from './arguments/options.js';

/** What every command ends with. */
export const EXIT = { ok: 0, findings: 1, usage: 2, unavailable: 3 } as const;

/**
 * For `unwindMs`: what only watches closes its probes and connections, a second each; what changed something undoes it,
 * with a daemon that may take half a minute for each step.
 */
export const UNWIND_MS = { watch: 10_000, undo: 120_000 } as const;

/** Where a command writes, and the only way it does: all that goes through here is cleaned of controls and secrets. */
export interface CommandIo {
  /** One line, or several, to standard output. */
  print(text: string): void;
  /** A value as JSON to standard output, on one line or indented by so many blanks. */
  json(value: unknown, indent?: number): void;
  /** One line to standard error; for people, never part of the result. */
  say(text: string): void;
  /** A line on standard error that the next one replaces; shown on a terminal only. */
  progress(text: string): void;
  /** What is answered to a question; null where nobody sits at a terminal. Rejects when the signal aborts. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
}

export interface CommandInput {
  readonly args: ParsedArguments;
  readonly io: CommandIo;
  /** Aborted by Ctrl-C, SIGTERM, SIGHUP and by a reader that has gone. */
  readonly signal: AbortSignal;
}

/** One command of the program. Its file loads fast: what it needs to run is imported in `run`. */
export interface Command {
  /** How it is typed, options left out: `faultline run <id>|all`. */
  readonly usage: string;
  /** What it does and what it gives back, in a few short lines. */
  readonly about: readonly string[];
  readonly options: OptionTable;
  /** Positional arguments at most. */
  readonly positionals: number;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  /** With --json: it prints one event a line, and a last line with the result. Absent: one value. */
  readonly events?: true;
  /** With --json: its one value where it is refused; absent: `{ok: false, reason}`. */
  refused?(reason: string): object;
  /** Draws on the terminal, where there is one. */
  readonly screen?: true;
  /**
   * After a signal that ends the program: how long it may take to undo what it did (ms). Absent where nothing is lost
   * when it ends at once, whatever it waits for.
   */
  readonly unwindMs?: number;
  /** Resolves to the exit code. Throws UsageError for what was typed wrong. */
  run(input: CommandInput): Promise<number>;
}

/** A command as the launcher lists it. */
export interface CommandEntry {
  /** What is typed; empty for the command that runs when none is. */
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}
