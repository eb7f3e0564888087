import { UsageError } from './arguments/usage-error.js';
import { type Command, EXIT } from './command.js';

export const explainCommand: Command = {
  usage: 'faultline explain [id or word] [--json]',
  about: [
    'Says what a failure mode is (what it looks like, how it is told apart, the fix) or what a word on the screens',
    'means, in one sentence. Capitals, spaces and hyphens are forgiven. Without a word it lists all that it knows.',
    'Ends with 2, and the nearest words, for what it does not know.',
  ],
  options: { json: { help: 'one JSON object instead of text' } },
  // A word of the field may be several.
  positionals: Number.POSITIVE_INFINITY,
  examples: [
    { command: 'faultline explain packet-loss', does: 'a failure mode that a finding names' },
    { command: 'faultline explain CLOSE-WAIT', does: 'a word of the sockets panel' },
    { command: 'faultline explain early drop', does: 'two words, without quotes' },
    { command: 'faultline explain', does: 'all that can be asked' },
  ],
  async run({ args, io }) {
    const typed = args.positionals.join(' ');
    const { failureModes } = await import('../../scenarios/index.js');
    const { readGlossary } = await import('./explain/glossary.js');
    const { lookUp, nearestNames } = await import('./explain/look-up.js');
    const text = await import('./explain/text.js');
    const all = { modes: failureModes, terms: readGlossary() };
    const print = (plain: string, data: object) => (args.flag('json') ? io.json(data, 2) : io.print(plain));
    if (typed === '') {
      print(text.listText(all), text.listJson(all));
      return EXIT.ok;
    }
    const found = lookUp(typed, all);
    if (!found) {
      const near = nearestNames(typed, all);
      const hint = near.length > 0 ? `did you mean ${near.join(', or ')}?` : 'faultline explain lists them';
      throw new UsageError(`nothing is known by the name ${typed}: ${hint}`);
    }
    print(text.explanationText(found), text.explanationJson(found));
    return EXIT.ok;
  },
};
