import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { type ReplayedLook, replay } from '../../source/diagnosis/replay.js';
import type { Finding } from '../../source/store/finding.js';
import { firstSymptom, recorded, recordedText } from '../helpers/recordings.js';
import { RECORDED } from './network/recorded.js';

/** Recordings of real runs, and the cause that was named live. */
const NAMED: readonly (readonly [recording: string, cause: string])[] = [
  ['traffic-spike', 'resolver-saturation'],
  ['database-down', 'database-down'],
  ['database-killed', 'database-down'],
  ['database-frozen', 'database-down'],
  ['database-connections', 'database-connections'],
  ['resolver-dead', 'resolver-dead'],
  ['resolver-frozen', 'resolver-dead'],
  ['name-missing', 'name-missing'],
  ['service-stopped', 'service-stopped'],
  ['service-hung', 'service-hung'],
];
const OTHERS = ['healthy', 'healed-spike', 'resolver-and-database', ...RECORDED.map(([name]) => name)];

const judged = (name: string): ReplayedLook[] => replay(recorded(name), allModes());
const firing = ({ findings }: ReplayedLook): Finding[] => findings.filter((one) => one.state === 'firing');
const causes = (look: ReplayedLook): string[] =>
  firing(look).flatMap((one) => (one.explainedBy === null ? [one.id] : []));

describe('a recording of a failure replays to what was named live', () => {
  it.each(NAMED)('%s: %s on top within 15 s of the first symptom', (name, id) => {
    const outcomes = recorded(name);
    const looks = replay(outcomes, allModes());
    const symptom = firstSymptom(outcomes) ?? Number.NaN;
    const named = looks.findIndex((look) => causes(look)[0] === id);
    expect((looks[named]?.now ?? Number.NaN) - symptom).toBeLessThanOrEqual(15_000);
    expect(looks.slice(0, named).flatMap(causes)).toEqual([]);
  });

  it.each(NAMED)('%s: nothing else is on top for more than 3 s, and it goes away again', (name, id) => {
    const looks = judged(name);
    const tops = looks.map((look) => causes(look)[0]);
    expect(tops.filter((top) => top === id).length).toBeGreaterThan(3);
    expect(tops.filter((top) => top !== undefined && top !== id).length).toBeLessThanOrEqual(3);
    expect(tops.at(-1)).toBeUndefined();
  });

  it.each(NAMED)('%s: what it only looks like is ruled out by figures', (name, id) => {
    for (const { findings } of judged(name)) {
      const finding = findings.find((one) => one.id === id && one.state === 'firing');
      for (const { because } of finding?.ruledOut ?? []) expect(because).not.toMatch(/undefined|NaN|null/);
    }
  });
});

it('two failures at once are two causes', () => {
  const both = judged('resolver-and-database').filter((look) => causes(look).length > 1);
  expect(both.length).toBeGreaterThan(5);
  for (const look of both) expect([...causes(look)].sort()).toEqual(['database-down', 'resolver-dead']);
});

it('finds nothing at all while nothing is wrong', () => {
  expect(judged('healthy').length).toBeGreaterThanOrEqual(30);
  for (const { findings } of judged('healthy')) expect(findings).toEqual([]);
});

it('names nothing above a notice for a spike that heals by itself', () => {
  // The spike is there: lookups that take 40 ms took more than half a second.
  expect(recordedText('healed-spike')).toMatch(/"totalMs":([5-9]\d\d|\d{4,})\./);
  for (const look of judged('healed-spike'))
    expect(firing(look).filter((one) => one.severity !== 'notice')).toEqual([]);
});

describe('every recording', () => {
  const all = [...NAMED.map(([name]) => name), ...OTHERS];

  it('is known here', () => {
    const files = readdirSync(new URL('./recordings/', import.meta.url));
    expect(files.sort()).toEqual(all.map((name) => `${name}.ndjson.gz`).sort());
  });

  it.each(all)('%s replays to the same findings each time', (name) => {
    expect(judged(name)).toEqual(judged(name));
  });

  it.each(all)('%s tells nothing of the machine it was made on', (name) => {
    expect(recordedText(name)).not.toMatch(/\/home\/|\/root\/|\/tmp\/|\/work\/|password/i);
  });
});
