import { expect, it } from 'vitest';
import { allModes, failureModes } from '../../scenarios/index.js';
import { findingsText } from '../../source/commands/text/findings.js';
import { modeJson, modeList, modeText } from '../../source/commands/text/modes.js';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import { modeOf } from '../../source/store/finding.js';
import { play, type World, watch } from '../helpers/history.js';
import { conntrack, ERROR_500, everyTarget, services } from '../helpers/samples.js';
import { toyFiles } from './toy-mode/index.js';

/** All that adding a mode takes: one more in the list. */
const all = [...failureModes, toyFiles];
const modes = allModes(all);

const busy = (openFds: number): World => ({
  services: services({ shop: { openFds } }),
  conntrack: conntrack(0.1),
  ...everyTarget(openFds > 900 ? ERROR_500 : undefined, openFds > 900 ? 500 : 200),
});

it('a new mode is detected, folds what it explains where it reaches, and goes away again', () => {
  const looks = watch(40, (t) => busy(t > 5 && t < 20 ? 950 : 100), modes);
  const named = looks.find(({ findings }) => findings.some(({ state }) => state === 'firing'));
  expect(named?.findings[0]).toMatchObject({
    key: 'toy-files@workload:shop',
    title: 'shop has 950 open files',
    explainedBy: null,
    verdict: 'confirmed',
  });
  expect(named?.findings[0]?.evidence[0]).toMatchObject({
    reading: 950,
    unit: 'files',
    threshold: '900 files, clears at 800 files',
  });
  const folded = looks.flatMap(({ findings }) =>
    findings.filter(({ id, state }) => id === 'http-errors' && state === 'firing'),
  );
  expect(folded.length).toBeGreaterThan(0);
  for (const { explainedBy } of folded) expect(modeOf(explainedBy ?? '')).toBe('toy-files');
  expect(looks.at(-1)?.findings).toEqual([]);
});

it('rules others out by the figures that they bring themselves, and is ruled out by its own', () => {
  const full = play(12, () => ({ ...busy(950), conntrack: conntrack(0.1) }));
  const [finding] = diagnose(full, modes, NO_DIAGNOSIS).findings;
  expect(finding?.ruledOut).toEqual([
    {
      id: 'conntrack-full',
      title: 'a full conntrack table',
      because: '10 % of it is used, nothing is dropped',
    },
  ]);
  const asks = modes.map((mode) =>
    mode.id === 'conntrack-full' ? { ...mode, rivals: ['toy-files'] } : mode,
  );
  const table = play(12, () => ({ ...busy(100), conntrack: conntrack(0.97) }));
  const [other] = diagnose(table, asks, NO_DIAGNOSIS).findings;
  expect(other?.ruledOut).toEqual([
    { id: 'toy-files', title: 'open files', because: '100 open files at most' },
  ]);
});

it('is printed wherever modes and findings are', () => {
  expect(modeList(all)).toMatch(/^toy-files +warning +Too many open files$/m);
  expect(modeText(toyFiles)).toContain('900 files, clears at 800 files, weighs 0.4: our choice, for a toy');
  expect(modeJson(toyFiles)).toMatchObject({ id: 'toy-files', causes: {} });
  const named = watch(12, () => busy(950), modes).at(-1)?.findings ?? [];
  expect(findingsText(named)).toMatch(/^WARNING {2}shop has 950 open files {2}\(toy-files/);
});
