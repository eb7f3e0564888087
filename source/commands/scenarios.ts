import { parseScenario } from './arguments/scenario.js';
import { type Command, EXIT } from './command.js';

export const scenariosCommand: Command = {
  usage: 'faultline scenarios [id] [--json]',
  about: [
    'Lists the failure modes that Faultline knows, or says everything it knows about one: symptoms, alerts,',
    'investigation steps, root cause, fix, prevention, and what it is confused with.',
  ],
  options: { json: { help: 'JSON instead of text' } },
  positionals: 1,
  examples: [
    { command: 'faultline scenarios', does: 'the list' },
    { command: 'faultline scenarios traffic-spike', does: 'one in full' },
  ],
  async run({ args, io }) {
    const [id] = args.positionals;
    const { failureModes } = await import('../../scenarios/index.js');
    const text = await import('./text/modes.js');
    if (id === undefined) {
      if (args.flag('json')) io.json(failureModes.map(text.modeJson), 2);
      else io.print(text.modeList(failureModes));
      return EXIT.ok;
    }
    const mode = await parseScenario(id);
    if (args.flag('json')) io.json(text.modeJson(mode), 2);
    else io.print(text.modeText(mode));
    return EXIT.ok;
  },
};
