import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import type { EngineLogLine } from '../../../source/engines/engine.js';
import { until } from '../../helpers/until.js';
import { DockerStage, POLITE, PREFIX } from './docker-stage.js';
import { notRun, whyNoDocker } from './real-docker.js';

const reason = await whyNoDocker();
if (reason !== null) describe('output of containers', () => notRun('tests of containers’ output', reason));

describe.runIf(reason === null)('output of containers', () => {
  let stage: DockerStage;
  let engine: DockerEngine;
  let docker: Docker;

  beforeAll(async () => {
    stage = await DockerStage.open();
    ({ engine, docker } = stage);
  });
  afterAll(() => stage.close());

  const create: DockerStage['create'] = (...args) => stage.create(...args);
  const named: DockerStage['named'] = (name) => stage.named(name);

  it('holds the newest 1,000 of 10,000 lines, stderr apart', async () => {
    const flood =
      'i=0; while [ $i -lt 10000 ]; do i=$((i+1)); echo "line $i"; done; sleep 1; echo oops >&2; sleep 0.5; echo done';
    await create(
      'flood',
      `sleep 0.5; ${flood}; sleep 0.3; x=0123456789; x=$x$x$x$x$x; x=$x$x$x$x$x$x$x$x$x$x; x=$x$x$x$x$x; echo $x$x$x$x$x$x$x$x; ${POLITE}`,
    );
    const name = `${PREFIX}-flood`;
    await until('it is listed', () => named('flood') !== undefined);
    const lines: EngineLogLine[] = [];
    const stop = engine.onLog((line) => lines.push(line));
    await engine.start(name);
    const release = engine.follow(name);
    const newest = (): string => engine.logs(name).at(-1)?.text ?? '';
    await until('the long line came', () => newest().startsWith('0123'));
    const tail = engine.logs(name);
    expect(tail).toHaveLength(1_000);
    expect(tail.at(-1)?.text).toHaveLength(4_096);
    expect(tail.at(-2)?.text).toBe('done');
    expect(tail.filter(({ stream }) => stream === 'stderr').map(({ text }) => text)).toEqual(['oops']);
    const counted = tail.filter(({ text }) => text.startsWith('line '));
    expect(counted.map(({ text }) => text)).toEqual(
      Array.from({ length: 997 }, (_, n) => `line ${9_004 + n}`),
    );
    expect(tail.every(({ at, workload }) => Math.abs(at - Date.now()) < 60_000 && workload === name)).toBe(
      true,
    );
    expect(lines.length).toBeLessThan(9_000);
    expect(lines.length + engine.untoldLines(name)).toBe(10_003);
    // Those right before the end are told of with the next line that is told.
    const skipped = lines.reduce((sum, line) => sum + (line.skipped ?? 0), 0);
    expect(skipped).toBeGreaterThan(0);
    expect(skipped).toBeLessThanOrEqual(engine.untoldLines(name));
    await engine.restart(name);
    await until(
      'it is followed into its next life',
      () => engine.logs(name).some(({ text }) => text === 'line 1') || newest().startsWith('line'),
    );
    stop();
    release();
    await docker.getContainer(name).remove({ force: true });
  });

  it('reads the output of a terminal', async () => {
    await create('tty', `echo first; echo second; ${POLITE}`, { Tty: true });
    await until('it is listed', () => named('tty') !== undefined);
    await engine.start(`${PREFIX}-tty`);
    const texts = () => engine.logs(`${PREFIX}-tty`).map(({ text }) => text);
    await until('both lines came', () => texts().length === 2);
    expect(texts()).toEqual(['first', 'second']);
    await docker.getContainer(`${PREFIX}-tty`).remove({ force: true });
  });

  it('says why there is none where the log driver keeps nothing', async () => {
    await create('mute', POLITE, { HostConfig: { LogConfig: { Type: 'none', Config: {} } } });
    const name = `${PREFIX}-mute`;
    await until('it is listed', () => named('mute') !== undefined);
    await engine.start(name);
    expect(engine.logs(name)).toEqual([]);
    await until(
      'the reason is known',
      () => engine.logTrouble(name)?.includes('does not support reading') === true,
    );
    expect(named('mute')?.outputTrouble).toBe(engine.logTrouble(name));
  });
});
