import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent, RunResult } from '../../source/commands/run/events.js';
import type { runScenario as RunScenario } from '../../source/commands/run/scenario-run.js';
import { notRun, whyNoDocker } from '../engines/docker/real-docker.js';
import { built } from '../helpers/built.js';
import { answering, dockerLab, openStage, type Stage } from '../helpers/stage.js';

/** Failures of real containers, end to end, on one start of the Docker lab. */
const reason = await whyNoDocker();
if (reason !== null) notRun('failures of the Docker lab, end to end', reason);

describe.skipIf(reason !== null)('on the Docker lab', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(undefined, dockerLab);
    await stage.until('a healthy start', answering, 30_000);
  }, 600_000);
  afterAll(() => stage?.close(), 60_000);

  async function run(id: string): Promise<{ result: RunResult; events: RunEvent[] }> {
    const { runScenario } = await built<{ runScenario: typeof RunScenario }>(
      'source/commands/run/scenario-run.js',
    );
    const causing = stage.runtime.causings.find((one) => one.id === id);
    if (!causing) throw new Error(`${id} cannot be caused here`);
    const events: RunEvent[] = [];
    const { signal } = new AbortController();
    const result = await runScenario({
      runtime: stage.runtime,
      causing,
      emit: (event) => events.push(event),
      signal,
    });
    return { result, events };
  }

  it.each([
    ...['container-kill', 'memory-limit:worker'],
    ...['latency', 'partition:one-way', 'dns-failure:silence'],
  ])('%s bites, is named first within 15 s of its symptom, mended, validated, and gone', async (id) => {
    const { result, events } = await run(id);
    const told = events.map(({ phase, text }) => `${phase}: ${text}`).join('\n');
    expect(result, told).toMatchObject({
      result: 'passed',
      scenario: id,
      rank: 1,
      residue: [],
      reason: null,
    });
    expect(result.named, told).toBe(id.split(':')[0]);
    expect(result.detectedMs).toBeLessThanOrEqual(15_000);
    expect(result.checks.map(({ name, state }) => `${state} ${name}`)).toEqual([
      'passed GET /',
      'passed GET /test-db',
      'passed GET /todos',
      'passed POST /todos, read back',
      'passed connectivity matrix',
      'passed success rate of 20',
      'passed 10 timed requests',
    ]);
    const bites = events.flatMap(({ phase, detail }) =>
      phase === 'inject' && detail ? [detail.verdict] : [],
    );
    expect(new Set(bites)).toEqual(new Set(['Confirmed']));
  });

  it('a restart by hand of PostgreSQL, nginx and Redis is named for what it is, with nothing above it', async () => {
    for (const member of ['postgres', 'gateway', 'redis']) {
      const { lab } = stage.runtime;
      const name = lab?.kind === 'docker' ? lab.container(member) : '';
      const docker = lab?.kind === 'docker' ? lab.engine.docker : null;
      await docker?.getContainer(name).restart({ t: 5 });
      const key = `service-restarted@workload:${name}`;
      const named = await stage.until(
        `the restart of ${name} is named`,
        ({ findings }) => findings.some((one) => one.key === key && one.state === 'firing'),
        15_000,
      );
      expect(named.findings[0]).toMatchObject({ id: 'service-restarted', explainedBy: null });
      const own = named.findings.find((one) => one.key === key);
      expect(own).toMatchObject({ id: 'service-restarted', explainedBy: null });
      expect(own?.explanation.join()).toContain(`${name}:`);
      await stage.holds(
        `nothing is above the restart of ${name}`,
        ({ findings }) => findings[0]?.id === 'service-restarted',
        4000,
      );
    }
    await stage.until('every target answers again', answering, 30_000);
  });
});
