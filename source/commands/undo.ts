import { type Command, EXIT } from './command.js';
import type { UndoReport } from './undo/report.js';

export const undoCommand: Command = {
  usage: 'faultline undo [--accept] [--json]',
  about: [
    'Rolls back every fault in the journal, whichever process caused it and whether it is still alive, and ends what',
    'a console that was killed left running. A container counts as clean only when it equals what was read of it before',
    'the fault: packet filter, queues, routes, limits, state, networks. Ends with 0 when nothing is left, 1 when',
    'something is.',
  ],
  options: {
    accept: {
      help: 'what somebody else has changed since stays as it is, and is no longer held against a fault',
    },
    json: { help: 'one JSON object instead of text' },
  },
  positionals: 0,
  examples: [
    { command: 'faultline undo', does: 'after a console that was killed' },
    { command: "faultline undo --json | jq '.residue'", does: 'what could not be rolled back' },
  ],
  // What stopped it is what is left.
  refused: (reason): UndoReport => ({ done: [], residue: [reason], notes: [] }),
  async run({ args, io }) {
    const { rollBack } = await import('./undo/roll-back.js');
    const report = await rollBack({ accept: args.flag('accept') });
    const { undoText } = await import('./undo/report.js');
    if (args.flag('json')) io.json(report, 2);
    else io.print(undoText(report));
    return report.residue.length === 0 ? EXIT.ok : EXIT.findings;
  },
};
