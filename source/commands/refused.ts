import type { Command, CommandIo } from './command.js';

/** What keeps a command from its work, in one line that says what to do; the program ends with `code`. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** A command's output with --json, and what is printed there when it cannot do its work. */
export interface JsonAnswer {
  readonly io: CommandIo;
  /** What a program reads in place of the result; nothing where the result is printed already. */
  refuse(reason: string): void;
}

/**
 * Standard output of a command that was asked for JSON: whatever keeps it from its work is an answer there, too. A
 * command that prints events ends with one whose result is `failed`; another prints `{ok: false, reason}`, or what it
 * has for that itself.
 */
export function jsonAnswer(io: CommandIo, command: Command): JsonAnswer {
  let answered = false;
  return {
    io: {
      ...io,
      json(value, indent) {
        answered = command.events !== true;
        io.json(value, indent);
      },
    },
    refuse(reason) {
      if (answered) return;
      if (command.events) io.json({ result: 'failed', reason });
      else io.json(command.refused?.(reason) ?? { ok: false, reason }, 2);
    },
  };
}
