import { type Command, EXIT } from './command.js';
import { Refused } from './refused.js';

export const labCommand: Command = {
  usage: 'faultline lab [status|down] [--images] [--json]',
  about: [
    'status (or nothing) lists the labs on this Docker daemon and the images made for them. down removes every lab,',
    'containers and networks, whoever started it; --images removes the images as well. Ends with 0, with 1 when',
    'something could not be removed, with 3 when Docker cannot be asked.',
  ],
  options: {
    images: { help: 'with down: the images, too; the next start makes them again' },
    json: { help: 'one JSON object instead of text' },
  },
  positionals: 1,
  examples: [
    { command: 'faultline lab', does: 'what is there' },
    { command: 'faultline lab down', does: 'after a console that was killed' },
    { command: 'faultline lab down --images', does: 'and give the disk space back' },
  ],
  async run({ args, io }) {
    const { runLab } = await import('./lab/run-lab.js');
    const report = await runLab(args.positionals[0] ?? 'status', { images: args.flag('images') });
    if ('trouble' in report) throw new Refused(report.trouble, EXIT.unavailable);
    const { labText } = await import('./lab/text.js');
    if (args.flag('json')) io.json(report, 2);
    else io.print(labText(report));
    return report.left.length === 0 ? EXIT.ok : EXIT.findings;
  },
};
