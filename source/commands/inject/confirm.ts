import { createInterface } from 'node:readline/promises';
import type { InspectedTarget } from '../../faults/observe/target.js';

/**
 * Whether a person means this container: it carries the label, its name was given again, or it is typed now where
 * standard input is a terminal. Null: they may go on; else what to do.
 */
export async function whyNotConfirmed(
  { identity: { name }, labelled }: InspectedTarget,
  confirmed: boolean,
  signal: AbortSignal,
): Promise<string | null> {
  if (labelled || confirmed) return null;
  const how = `start it with --label faultline.target=true, or add --confirm ${name}`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return `${name} is not labelled as a target: ${how}`;
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal in readline's hands tells Ctrl-C to it alone.
  asked.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const question = `${name} is not labelled as a target. Type its name to cause the fault all the same: `;
    const typed = await asked.question(question, { signal }).catch((error) => {
      if (signal.aborted) throw error;
      // Ctrl-D: no answer.
      return '';
    });
    return typed.trim() === name ? null : `not confirmed: ${how}`;
  } finally {
    asked.close();
  }
}
