import { expect, it } from 'vitest';
import { findingNotes } from '../../source/runtime/notes.js';
import { NO_OUTAGE } from '../../source/store/outage.js';
import { finding, NOON } from '../commands/states.js';

const killed = (place: string) =>
  finding({
    key: `container-kill@workload:${place}`,
    id: 'container-kill',
    subject: { kind: 'workload', id: place },
    title: `OOM kill in ${place}`,
    target: `container ${place}`,
  });

it('many findings of one mode at once are one entry, one and two have their own', () => {
  const many = ['a', 'b', 'c', 'd'].map(killed);
  const named = (after: ReturnType<typeof killed>[]) => findingNotes([], after, null, NOON);
  expect(named(many)).toEqual([
    { at: NOON, kind: 'named', text: 'OOM kill in 4 containers: a, b, c and 1 more' },
  ]);
  expect(named(many.slice(0, 2)).map(({ text, result }) => [text, result])).toEqual([
    ['OOM kill in a', 'container a'],
    ['OOM kill in b', 'container b'],
  ]);
  const outage = { ...NO_OUTAGE, symptomAt: NOON - 8_100 };
  expect(findingNotes([], many, outage, NOON)[0]?.result).toBe('named 8.1 s after the first symptom');
  expect(findingNotes(many, [], null, NOON).map(({ kind, text }) => [kind, text])).toEqual([
    ['cleared', 'no longer seen: OOM kill in 4 containers: a, b, c and 1 more'],
  ]);
});
