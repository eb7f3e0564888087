import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureModes } from '../../scenarios/index.js';

/** Lines that a mode's folder may take, texts included: its .ts files, empty lines and comments too. */
const LINES = 250;

/**
 * The three dearest, and how much each may take: a figure that is never raised. What several modes do belongs into
 * `source/diagnosis/facts/` or a shared file of `scenarios/` (CONTRIBUTING.md); one that has got smaller gets a smaller
 * figure. There is no fourth.
 */
const DEAREST: Readonly<Record<string, number>> = {
  /** A crowd of figures of a queue, and the script of the main demonstration. */
  'resolver-saturation': 620,
  /** Containers apart, a container off its network, and what this host cannot reach. */
  partition: 580,
  /** Refusals, silence, lies and half answers of a resolver, each with its own words. */
  'dns-failure': 550,
};

const SCENARIOS = new URL('../../scenarios/', import.meta.url);

const linesOf = (id: string): number =>
  readdirSync(new URL(`${id}/`, SCENARIOS))
    .filter((name) => name.endsWith('.ts'))
    .reduce(
      (sum, name) => sum + readFileSync(new URL(`${id}/${name}`, SCENARIOS), 'utf8').split('\n').length - 1,
      0,
    );

describe('the size of a failure mode', () => {
  it.each(failureModes.map(({ id }) => id))('%s stays within its lines', (id) => {
    expect(linesOf(id), `${id} grew: lift what other modes do, too`).toBeLessThanOrEqual(
      DEAREST[id] ?? LINES,
    );
  });

  it('is excused for the three dearest alone', () => {
    expect(Object.keys(DEAREST)).toHaveLength(3);
    for (const id of Object.keys(DEAREST)) expect(linesOf(id), id).toBeGreaterThan(LINES);
  });
});
