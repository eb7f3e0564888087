import { describe, expect, it } from 'vitest';
import { allModes, failureModes } from '../../scenarios/index.js';
import { findingsText } from '../../source/commands/text/findings.js';
import { modeText } from '../../source/commands/text/modes.js';
import { type World, watch } from '../helpers/history.js';
import { onAnyHost, RUNS } from '../helpers/worlds.js';

/** What only a lab has: switches and the key for them, and labels of its own. */
const THINGS_OF_A_LAB = /hardening|\bkey h\b|faultline\.(lab|role|group|member)/i;
/** And the names of its application, its paths and logins. */
const NAMES_OF_A_LAB = /todo|lab\.internal|report-job|alter role report\b|test-db/i;

/** A name that an alert has in the Container Networking Exhaustion document. */
const ALERT_OF_THE_DOCUMENT = 'Todo App Network Failure';

/** The same run where nothing is called as on a lab. */
const renamed =
  (run: (t: number) => World) =>
  (t: number): World =>
    JSON.parse(
      JSON.stringify(run(t))
        .replaceAll('/todos', '/orders')
        .replaceAll('/test-db', '/ready')
        .replaceAll('lab.internal', 'corp.example')
        .replaceAll('report-job', 'batch'),
    );

describe('on a host that has no lab', () => {
  it.each(Object.keys(RUNS) as (keyof typeof RUNS)[])('no finding of %s speaks of one', (name) => {
    const looks = watch(60, renamed(RUNS[name]), allModes());
    expect(looks.some(({ findings }) => findings.length > 0)).toBe(name !== 'healthy');
    for (const all of [looks, watch(60, renamed(onAnyHost(RUNS[name])), allModes())])
      for (const { findings } of all) {
        for (const { action } of findings.flatMap(({ fix }) => fix)) expect(action?.name).not.toBe('harden');
        const printed = findingsText(findings);
        expect(printed).not.toMatch(THINGS_OF_A_LAB);
        expect(printed).not.toMatch(NAMES_OF_A_LAB);
      }
  });
});

describe('what is told of a failure mode', () => {
  it.each(failureModes.map((mode) => [mode.id, mode] as const))(
    '%s has nothing that only a lab has, but where it says how it is caused there',
    (_, mode) => {
      const [told = ''] = modeText(mode).split('How it is caused on the');
      const said = told.replace(ALERT_OF_THE_DOCUMENT, '');
      expect(said).not.toMatch(THINGS_OF_A_LAB);
      expect(said).not.toMatch(NAMES_OF_A_LAB);
    },
  );
});
