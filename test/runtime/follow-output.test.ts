import { expect, it } from 'vitest';
import type { DockerEngine } from '../../source/engines/docker/docker-engine.js';
import type { EngineEvent } from '../../source/engines/engine.js';
import { followOutput } from '../../source/runtime/follow-output.js';
import { HandClock } from '../helpers/hand-clock.js';

it('follows a container whose start is told before it is listed, and gives up on one that never is', async () => {
  const clock = new HandClock();
  const listed = new Set<string>();
  const asked: string[] = [];
  const followed: string[] = [];
  let tell = (_: EngineEvent): void => {};
  const engine: Pick<DockerEngine, 'follow' | 'list' | 'onAvailability' | 'onEvent'> = {
    follow(name) {
      asked.push(name);
      if (!listed.has(name)) throw new Error(`there is no container "${name}"`);
      followed.push(name);
      return () => {};
    },
    list: () => [],
    onAvailability: () => () => {},
    onEvent(listener) {
      tell = listener;
      return () => {};
    },
  };
  followOutput(engine as DockerEngine, clock);
  const starts = (workload: string): void => tell({ at: 1, workload, action: 'start', detail: '' });
  starts('worker');
  expect(followed).toEqual([]);
  listed.add('worker');
  await clock.pass(1_000);
  expect(followed).toEqual(['worker']);
  starts('job');
  await clock.pass(60_000);
  expect(asked.filter((name) => name === 'job')).toHaveLength(5);
});
