import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Causing } from '../../../scenarios/causing.js';
import { findMode } from '../../../scenarios/index.js';
import { openResults } from '../../../source/commands/bench/book.js';
import type { Measured } from '../../../source/commands/bench/measured.js';
import { findingTells, placesOf } from '../../../source/commands/bench/place.js';
import { openJobs, planOf } from '../../../source/commands/bench/plan.js';
import { finding } from '../states.js';

const causing = (id: string, touches: readonly string[] = []): Causing => {
  const mode = findMode(id.split(':')[0] ?? '');
  if (!mode) throw new Error(`no mode ${id}`);
  return {
    ...{
      id,
      mode,
      variant: undefined,
      title: id,
      describe: id,
      undoDescribe: id,
      takesFaults: true,
      touches,
    },
    inject: async () => '',
    undo: async () => undefined,
    fix: async () => '',
  };
};

const options = {
  causings: ['container-kill', 'dns-failure:silence', 'dns-failure:nxdomain', 'latency'].map((id) =>
    causing(id),
  ),
  controls: [{ name: 'healthy', about: '', during: async () => undefined }],
  runs: 2,
  only: [],
};
const whats = (only: readonly string[], runs = 1) =>
  planOf({ ...options, only, runs }).map(({ what, round }) => `${what} ${round}`);

const done = (what: string, over: Partial<Measured> = {}): Measured => ({
  ...{ kind: 'cause', what, round: 1, wanted: [what], told: [], namedMs: null, placed: null },
  ...{ reason: null, load: 0, at: 0 },
  ...over,
});

describe('the plan of a benchmark', () => {
  it('has every failure and every pair once a round, the controls once', () => {
    expect(whats([], 2)).toEqual([
      ...['container-kill 1', 'dns-failure:silence 1', 'dns-failure:nxdomain 1', 'latency 1'],
      ...['container-kill + dns-failure:silence 1', 'healthy 1'],
      ...['container-kill 2', 'dns-failure:silence 2', 'dns-failure:nxdomain 2', 'latency 2'],
      'container-kill + dns-failure:silence 2',
    ]);
  });

  it('takes some by name: one form, a mode with all its forms, a pair, a control', () => {
    expect(whats(['dns-failure'])).toEqual(['dns-failure:silence 1', 'dns-failure:nxdomain 1']);
    expect(whats(['latency', 'healthy'])).toEqual(['latency 1', 'healthy 1']);
    expect(whats(['container-kill + dns-failure:silence'])).toHaveLength(1);
    expect(() => whats(['latncy'])).toThrow(/latncy.*latency/);
  });

  it('leaves out what was measured, but not what could not be', () => {
    const plan = planOf({ ...options, runs: 1, only: ['latency', 'container-kill'] });
    const open = openJobs(plan, [done('latency'), done('container-kill', { reason: 'no steady state' })]);
    expect(open.map(({ what }) => what)).toEqual(['container-kill']);
  });
});

describe('results that are kept', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read again up to a torn line, behind which others are still written whole', () => {
    const file = join(folder, 'results.ndjson');
    openResults(file, false).add(done('latency'));
    appendFileSync(file, '{"kind":"cause","what":"part');
    const again = openResults(file, false);
    expect(again.measured.map(({ what }) => what)).toEqual(['latency']);
    again.add(done('partition'));
    expect(openResults(file, false).measured.map(({ what }) => what)).toEqual(['latency', 'partition']);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
    expect(openResults(file, true).measured).toEqual([]);
  });
});

describe('the place of a failure', () => {
  it('is what its faults touch, else what it brought', () => {
    const before = ['db', 'api-1'];
    const both = [causing('latency', ['db']), causing('container-kill')];
    expect(placesOf(both, before, [...before, 'leaking'])).toEqual([['db'], ['leaking']]);
  });

  it('is told by the workload or the group of its replicas', () => {
    const one = finding({ target: 'api → db', subject: { kind: 'workload', id: 'db' }, title: 'Delay' });
    expect(['db', 'api-2', 'cache'].map((name) => findingTells(one, [name]))).toEqual([true, true, false]);
  });
});
