import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureModes } from '../../scenarios/index.js';

/** Lines that a mode's folder may take, texts included: its .ts files, empty lines and comments too. */
const LINES = 250;

/**
 * The few that take more, and how much each may take. Dear are those that are seen in several ways, each with evidence and
 * words of its own; the three dearest stand apart. A figure is never raised: what several modes do belongs into
 * `source/diagnosis/facts/` or a shared file of `scenarios/` (CONTRIBUTING.md), and a mode that has got smaller gets a
 * smaller figure.
 */
const DEAREST: Readonly<Record<string, number>> = {
  /** A crowd of figures of a queue, and the script of the main demonstration. */
  'resolver-saturation': 620,
  /** Containers apart, a container off its network, and what this host cannot reach. */
  partition: 580,
  /** Refusals, silence, lies and half answers of a resolver, each with its own words. */
  'dns-failure': 540,
};

const DEAR: Readonly<Record<string, number>> = {
  'service-hung': 440,
};

const MORE: Readonly<Record<string, number>> = { ...DEAREST, ...DEAR };

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
    expect(linesOf(id), `${id} grew: lift what other modes do, too`).toBeLessThanOrEqual(MORE[id] ?? LINES);
  });

  it('is excused for modes that exist and need it alone', () => {
    for (const id of Object.keys(MORE)) expect(linesOf(id), id).toBeGreaterThan(LINES);
  });
});
