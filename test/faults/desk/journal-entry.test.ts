import { expect, it } from 'vitest';
import { entryText, type JournalEntry, parseEntry } from '../../../source/faults/desk/journal.js';
import { planFault } from '../../../source/faults/kinds/planner.js';
import { surroundings } from '../plan/stage.js';

const plan = planFault({ kind: 'loss', target: 'web', percent: 10 }, surroundings());
const entry: JournalEntry = {
  id: 'a-1',
  at: 1,
  scenario: 'inject',
  substrate: 'docker',
  target: { lab: 'unix:///var/run/docker.sock', workload: 'web', process: null },
  what: plan.what,
  undo: [
    {
      kind: 'docker',
      endpoint: 'unix:///var/run/docker.sock',
      plan,
      snapshot: { state: 'running' },
      beside: ['delay'],
      agent: 'faultline-fabc123',
      image: 'faultline/toolbox:1',
      expiresAt: 2,
    },
  ],
  owner: { pid: 1, startTime: '3' },
};

it('an entry of a fault in a container comes back from its file as it was', () => {
  expect(parseEntry(entryText(entry))).toEqual(entry);
});

it("files name a fault's agent as they always did, and are read by that name", () => {
  const [step] = JSON.parse(entryText(entry)).undo;
  expect(step).toMatchObject({ keeper: 'faultline-fabc123', plan: { keeper: plan.agent } });
  expect(step).not.toHaveProperty('agent');
  expect(step.plan).not.toHaveProperty('agent');
  const written = { ...entry, undo: [{ ...step, plan: { ...step.plan, keeper: 'nobody' } }] };
  expect(parseEntry(JSON.stringify(written))).toBeNull();
});
