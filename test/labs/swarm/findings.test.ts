import { describe, expect, it } from 'vitest';
import { type KillRecord, killSection } from '../../../source/labs/swarm/findings/container-kill.js';
import { type CpuRecord, cpuSection } from '../../../source/labs/swarm/findings/cpu-limit.js';
import { type MemoryRecord, memorySection } from '../../../source/labs/swarm/findings/memory-limit.js';
import { findingsPage } from '../../../source/labs/swarm/findings/page.js';
import type { CpuFigures } from '../../../source/labs/swarm/measured.js';
import type { LoadFigures } from '../../../source/labs/swarm/watch/figures.js';
import { FAILED, swarmService, task } from '../../helpers/swarm.js';

/** Figures of runs on a machine of two cores, Docker 20.10. */
const DATE = Date.parse('2026-11-21T15:51:17Z');
const MIB = 1024 * 1024;

const load = (part: Partial<LoadFigures> = {}): LoadFigures => ({
  sent: 216,
  failed: 0,
  p50: 33,
  p95: 95,
  replicas: 2,
  errors: [],
  ...part,
});

const LIMITS = { cpus: 0.3, memoryBytes: 384 * MIB, pids: null };

const KILL: KillRecord = {
  date: DATE,
  service: 'canary-ab48',
  desired: 2,
  victim: task('a', { ...FAILED, container: 'f5fe85a5b354'.padEnd(64, '0'), changedAt: DATE + 198 }),
  killedAt: DATE,
  successor: task('b', { createdAt: DATE + 218, changedAt: DATE + 1_798 }),
  oomEvents: 0,
  desiredAfter: 2,
  runningAfter: 2,
  inHistory: true,
  limitsBefore: LIMITS,
  limitsAfter: LIMITS,
  health: 'none',
  during: load({ sent: 54 }),
  named: { title: 'canary was killed', ms: 1500 },
};

const cpu = (
  part: Partial<LoadFigures>,
  cores: number,
  throttledPercent: number,
  limit: number,
): CpuFigures => ({
  load: load(part),
  cores,
  throttledPercent,
  limits: [limit, limit],
});
const CARRIED = { ms: 8_500, kept: 0, replaced: 2, service: swarmService('canary-ab48') };

const CPU: CpuRecord = {
  date: DATE,
  service: 'canary-ab48',
  from: 0.3,
  to: 0.2,
  replicas: 2,
  carried: CARRIED,
  back: { ...CARRIED, ms: 8_400 },
  before: cpu({}, 0.189, 28, 0.3),
  during: cpu({ sent: 218, p50: 632, p95: 1_800 }, 0.198, 96, 0.2),
  after: cpu({ p50: 35 }, 0.189, 25, 0.3),
  means: 'cgroup v1',
  oomEvents: 0,
  named: { title: 'canary is held back', ms: 3_800 },
};

const MEMORY: MemoryRecord = {
  date: DATE,
  service: 'canary-ab48',
  from: 384 * MIB,
  to: 50 * MIB,
  carried: CARRIED,
  back: { ...CARRIED, ms: 6_400 },
  first: load({ sent: 5 }),
  during: load({ sent: 3, failed: 3, p50: null, p95: null }),
  after: load({ sent: 4 }),
  oomEvents: 3,
  failed: [task('a', FAILED), task('b', FAILED)],
  confirmed: { oomKilled: 2, asked: 2 },
  oomAfter: 0,
  runningAfter: 2,
  desired: 2,
  watchedMs: 14_100,
  named: { title: 'canary ran out of memory', ms: 922 },
};

const text = (...texts: readonly (readonly string[])[]): string => texts.flat().join('\n');

describe('the page', () => {
  const page = findingsPage([killSection(KILL), cpuSection(CPU), memorySection(MEMORY)]);

  it("has the form of the document that it follows: three experiments, each with the document's four parts", () => {
    expect(page.match(/^## Experiment \d: .*$/gm)).toEqual([
      '## Experiment 1: Container Failure Test',
      '## Experiment 2: Resource Limitation Test (CPU)',
      '## Experiment 3: Memory Limitation Test (OOM)',
    ]);
    expect(page.match(/^### .*$/gm)).toEqual(
      Array(3).fill(['### Procedure:', '### Observations:', '### Findings:', '### Recommendations:']).flat(),
    );
    expect(page).toContain('**Date:** November 21, 2026  \n**Target Service:** `canary-ab48`');
    expect(page).toContain('1. Identified a running container of the service: `f5fe85a5b354`');
  });

  it('holds nothing but text, whatever a service or a reason says', () => {
    const hostile = '\x1b[31m`# Title`\n<script>\u202e';
    const section = killSection({
      ...KILL,
      service: hostile,
      victim: { ...KILL.victim, error: hostile },
      during: load({ failed: 1, errors: [{ text: hostile, count: 1 }] }),
    });
    const out = findingsPage([section]);
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    expect(out.match(/^# .*$/gm)).toHaveLength(1);
    expect(out).toContain("`'# Title' <script>`");
  });
});

describe('a killed container', () => {
  const said = (part: Partial<KillRecord> = {}): string => {
    const { observations, findings, recommendations } = killSection({ ...KILL, ...part });
    return text(observations, findings, recommendations);
  };

  it('is told with the times that Swarm gave', () => {
    expect(said()).toContain('told of the failure 198 ms after the kill: `task: non-zero exit (137)`');
    expect(said()).toContain('created 20 ms after the end');
    expect(said()).toContain('running 1.6 s after the end');
    expect(said()).toContain('Recovery time is quick: 1.6 s');
  });

  it('says that limits were kept only where they were compared, and equal', () => {
    expect(said()).toContain('has the same limits as the old one: 0.3 cores, 384 MiB');
    expect(said({ limitsAfter: { ...LIMITS, cpus: null } })).toContain('has other limits: no limit, 384 MiB');
    expect(said({ limitsAfter: null })).not.toContain('limits');
  });

  it('calls 15 seconds and more long, and a lost replica lost', () => {
    const late = said({ successor: { ...KILL.successor, changedAt: DATE + 20_000 }, runningAfter: 1 });
    expect(late).toContain('Recovery time is long: 19.8 s');
    expect(late).toContain('was not restored: 1 of 2');
    expect(late).toContain('Shorten the restart delay');
  });

  it('says nothing of a time that was not seen, and counts what customers lost', () => {
    const unseen = said({ killedAt: null, during: load({ sent: 54, failed: 5 }), health: 'healthy' });
    expect(unseen).not.toContain('after the kill');
    expect(unseen).toContain('5 requests of 54 failed in the meantime (9 %)');
    expect(unseen).not.toContain('health check');
  });
});

describe('a lowered CPU limit', () => {
  const said = (part: Partial<CpuRecord> = {}): string => {
    const { observations, findings, recommendations } = cpuSection({ ...CPU, ...part });
    return text(observations, findings, recommendations);
  };

  it('is told as the document did: applied, restarted, use about the limit, still functional', () => {
    expect(said()).toContain('2 of 2 containers ran with the new limit of 0.2 cores (read from cgroup v1)');
    expect(said()).toContain('none was updated in place');
    expect(said()).toContain(
      'CPU usage during the test: 19.8 % of a core a replica, and it was held back in 96 %',
    );
    expect(said()).toContain('remains functional');
    expect(said()).toContain('It answers 19.2 times slower: a median of 632 ms after 33 ms');
    expect(said()).toContain('With the original limit it is as fast as before');
  });

  it('does not claim a limit that did not hold, a restart that was none, or a use that was not read', () => {
    const other = said({
      during: cpu({ p50: 34, failed: 20 }, 0.29, 0, 0.3),
      carried: { ...CARRIED, kept: 2, replaced: 0 },
    });
    expect(other).toContain('The CPU limit did not hold: a replica used 0.29 cores of 0.2 cores');
    expect(other).toContain('2 of 2 containers were updated in place');
    expect(other).toContain('loses requests under the CPU limit: 20 of 216');
    expect(other).not.toContain('Monitor throttled periods');
    expect(said({ during: { ...CPU.during, cores: null } })).not.toMatch(/limit works|usage during/);
  });
});

describe('a lowered memory limit', () => {
  const said = (part: Partial<MemoryRecord> = {}): string => {
    const { observations, findings, recommendations } = memorySection({ ...MEMORY, ...part });
    return text(observations, findings, recommendations);
  };

  it('counts kills by what proves them', () => {
    expect(said()).toContain('3 OOM kill events in 14.1 s');
    expect(said()).toContain(
      'of 2 containers that could still be asked, Docker calls 2 killed for lack of memory',
    );
    expect(said()).toContain('that alone does not tell an OOM kill from a kill by hand');
    expect(said()).toContain('With the original limit the service is stable');
  });

  it('does not call it stable that is not, and enforces nothing where nothing was killed', () => {
    expect(said({ oomAfter: 1 })).toContain('is not stable yet');
    expect(said({ oomEvents: 0 })).not.toContain('strictly enforced');
  });
});
