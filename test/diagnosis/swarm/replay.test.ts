import { expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import { replay } from '../../../source/diagnosis/replay.js';
import { recorded } from '../../helpers/recordings.js';

/**
 * Services, events and Swarm of `run all --lab swarm`: a container killed, two service updates and their restoring
 * (eight containers that Swarm ended), two OOM kills, and the service removed.
 */
const FOLDER = new URL('./recordings/', import.meta.url);
const looks = replay(recorded('swarm', FOLDER), allModes());
const causes = looks.map(({ findings }) =>
  findings.flatMap((one) => (one.state === 'firing' && one.explainedBy === null ? [one] : [])),
);

it('what was caused is named in its order, and nothing else is on top', () => {
  const tops = causes.flatMap((found) => found[0]?.id ?? []);
  const order = tops.filter((id, i) => id !== tops[i - 1]);
  expect(order).toEqual(['container-kill', 'cpu-limit', 'memory-limit']);
});

it('no update is called a stop by hand', () => {
  expect(causes.flat().map(({ id }) => id)).not.toContain('service-restarted');
});

it('the killed task is said to be replaced once it is', () => {
  const titles = causes
    .flat()
    .filter(({ id }) => id === 'container-kill')
    .map(({ title }) => title);
  expect(titles.at(-1)).toMatch(/and Swarm replaced it after \d\.\d s$/);
});
