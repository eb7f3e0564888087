import { expect, it } from 'vitest';
import { observationSources } from '../../../source/faults/agent/programs.js';
import { planFault } from '../../../source/faults/kinds/planner.js';
import { commandText, dryRun, dryRunText } from '../../../source/faults/plan/dry-run.js';
import { surroundings } from './stage.js';

it('names every read and every step, in order, and what ends it', () => {
  const plan = planFault({ kind: 'delay', target: 'web', ms: 200 }, surroundings());
  const sources = observationSources();
  expect(sources).toContain('nft -s -n list ruleset');
  expect(sources).toContain('tc qdisc show');
  const run = dryRun(plan, sources, { trials: ['a trial'], looks: ['a look'] });
  expect(run.reads.filter((read) => read.startsWith('in the target: '))).toHaveLength(sources.length + 3);
  const text = dryRunText(run);
  for (const words of [
    'Dry run: nothing is written. web: every packet that comes to it waits 200 ms.',
    'netem is not to be had: Specified qdisc kind is unknown',
    'a trial',
    '--cap-drop ALL --cap-add NET_ADMIN --network container:web',
    'the fault agent lets each packet pass after 200 ms',
    "'!' -i lo -m comment --comment faultline_fabc123",
    'nft delete chain ip mangle INPUT',
    'by itself within 30 s: without its reader the kernel lets every packet pass',
  ])
    expect(text).toContain(words);
});

it('shows commands as a shell takes them, and programs by their length', () => {
  expect(commandText(['sh', '-c', "echo '$1'", 'a b'])).toBe(`sh -c 'echo '\\''$1'\\''' 'a b'`);
  expect(commandText(['python3', '-c', 'import os\nprint(1)'])).toBe(
    'python3 -c <2 lines, in full with --json>',
  );
});
