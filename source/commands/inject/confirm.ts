import type { InspectedTarget } from '../../faults/observe/target.js';
import type { CommandIo } from '../command.js';

/**
 * Whether a person means this container: it carries the label, its name was given again, or it is typed now where
 * standard input is a terminal. Null: they may go on; else what to do.
 */
export async function whyNotConfirmed(
  { identity: { name }, labelled }: InspectedTarget,
  confirmed: boolean,
  io: CommandIo,
  signal: AbortSignal,
): Promise<string | null> {
  if (labelled || confirmed) return null;
  const how = `start it with --label faultline.target=true, or add --confirm ${name}`;
  const question = `${name} is not labelled as a target. Type its name to cause the fault all the same: `;
  const typed = await io.ask(question, signal);
  if (typed === null) return `${name} is not labelled as a target: ${how}`;
  return typed.trim() === name ? null : `not confirmed: ${how}`;
}
