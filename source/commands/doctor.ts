import { type Command, EXIT } from './command.js';

export const doctorCommand: Command = {
  usage: 'faultline doctor [--json]',
  about: [
    'Says what this host lets Faultline see and do: each source tried once, for real, with what stands in for it,',
    'why it is not to be had, and the command that would grant it. Changes nothing.',
  ],
  options: { json: { help: 'one JSON object instead of text' } },
  positionals: 0,
  examples: [
    { command: 'faultline doctor', does: 'as text' },
    {
      command: 'faultline doctor --json | jq \'.capabilities[] | select(.state != "yes")\'',
      does: 'what is missing',
    },
  ],
  async run({ args, io }) {
    const { examine } = await import('./doctor/examine.js');
    const report = await examine();
    const { doctorText } = await import('./doctor/text.js');
    if (args.flag('json')) io.json(report, 2);
    else io.print(doctorText(report));
    return EXIT.ok;
  },
};
