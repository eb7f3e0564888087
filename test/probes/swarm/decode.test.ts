import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TaskAnswer } from '../../../source/probes/swarm/answers.js';
import { decodeSwarm } from '../../../source/probes/swarm/decode.js';
import { sanitise } from '../../../source/terminal/sanitise.js';

/** What a manager of Docker 20.10 said in the middle of an update, some seconds after a `docker kill`. */
const answer = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));

const captured = () => decodeSwarm(answer('services'), answer('tasks'), answer('nodes'));

const service = (name: string) => {
  const found = captured().services.find((one) => one.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

describe('what a manager says', () => {
  it('tells desired from running replicas in the middle of an update', () => {
    const plain = service('plain');
    expect(plain).toMatchObject({ desired: 2, running: 1, updateState: 'updating', endpointMode: 'vip' });
    expect(plain.updateMessage).toBe('update in progress');
    expect(plain.limits).toEqual({ cpus: 0.2, memoryBytes: 64 * 1024 * 1024 });
    expect(captured().nodes).toEqual({ ready: 1, total: 1 });
  });

  it('keeps the history with the reasons, newest first', () => {
    const { tasks } = service('plain');
    expect(tasks.map((task) => [task.slot, task.state, task.exitCode, task.error])).toEqual([
      [1, 'running', null, null],
      [2, 'ready', null, null],
      [2, 'running', null, null],
      [1, 'failed', 137, 'task: non-zero exit (137)'],
    ]);
  });

  it('measures the replacement from the end of the one task to the running of the next', () => {
    // 15:24:31.783 failed, 15:24:33.399 running.
    expect(service('plain').replacedInMs).toBe(1616);
    expect(service('everywhere').replacedInMs).toBeNull();
  });

  it('counts a global service by the tasks that Swarm wants to run', () => {
    expect(service('everywhere')).toMatchObject({ desired: 1, running: 1 });
    expect(service('everywhere').tasks[0]?.slot).toBeNull();
  });

  it('takes hostile text over bounded, and nothing but text of it is drawn', () => {
    const [task] = service('hostile').tasks;
    expect(task?.exitCode).toBe(127);
    expect(task?.error).toContain('\x1b[31m');
    expect(sanitise(task?.error ?? '')).not.toMatch(/[\x00-\x1f\u202e]/);
    const [long] = decodeSwarm(
      [{ ID: 'a', Spec: { Name: 'n'.repeat(10_000) } }],
      [{ ServiceID: 'a', Status: { Err: 'e'.repeat(1_000_000) } }],
      [],
    ).services;
    expect(long?.name.length).toBe(500);
    expect(long?.tasks[0]?.error?.length).toBe(500);
  });

  it('does not stumble over what is left out', () => {
    expect(decodeSwarm([{}], [{}], [{}])).toMatchObject({
      services: [{ name: '', desired: 0, running: 0, replacedInMs: null, updateState: null }],
      nodes: { ready: 0, total: 1 },
    });
  });

  it('keeps twenty tasks', () => {
    const tasks = Array.from(
      { length: 50 },
      (_, second): TaskAnswer => ({
        ID: `t${second}`,
        ServiceID: 'a',
        Slot: 1,
        CreatedAt: `2026-11-21T15:00:${String(second).padStart(2, '0')}Z`,
        Status: { State: 'failed' },
      }),
    );
    const [one] = decodeSwarm([{ ID: 'a' }], tasks, []).services;
    expect(one?.tasks).toHaveLength(20);
    expect(one?.tasks[0]?.id).toBe('t49');
  });
});
