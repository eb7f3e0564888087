import { describe, expect, it } from 'vitest';
import { allModes, failureModes } from '../../../scenarios/index.js';
import { limitFix, startFix } from '../../../source/diagnosis/facts/containers.js';
import { type Ending, endings } from '../../../source/diagnosis/facts/events.js';
import type { SwarmTask, WorkloadEvent } from '../../../source/probes/samples.js';
import { containerServices, event, eventsAt, facts, gone } from '../../helpers/container-world.js';
import { play, START, watch } from '../../helpers/history.js';
import { FAILED, swarm, swarmService, task } from '../../helpers/swarm.js';

const at = (t: number): number => START + t * 1000;
const LABELS = { 'com.docker.swarm.service.name': 'shop', 'com.docker.swarm.task.id': 'one' };

/** `shop-1` is the container of task `one`, which has ended. */
const services = () =>
  containerServices({ 'shop-1': { ...gone(137, 'killed'), container: facts({ labels: LABELS }) } });

const on = (t: number, action: string, detail = '') => event(t, 'shop-1', action, detail);
const KILLED = [on(10, 'kill', 'signal 9'), on(10, 'die', 'exit code 137: killed')];
const STOPPED = [on(10, 'kill', 'signal 15'), on(10, 'die', 'exit code 0'), on(10, 'stop')];

/** The world in which Swarm, read every two seconds, says this of the service's tasks from second 12 on. */
const world = (events: readonly WorkloadEvent[], later: readonly SwarmTask[]) => (t: number) => ({
  services: services(),
  ...eventsAt(t, events),
  ...(t % 2 === 0
    ? {
        swarm: swarm(swarmService('shop', { tasks: t < 12 ? [task('one', { createdAt: at(-60) })] : later })),
      }
    : {}),
});

const told = (events: readonly WorkloadEvent[], later: readonly SwarmTask[], seconds = 20): Ending[] =>
  endings(play(seconds, world(events, later)));

const killed = task('one', { ...FAILED, createdAt: at(-60), changedAt: at(10) });
const successor = task('two', { createdAt: at(10), changedAt: at(12) });

describe('the end of a container of Swarm', () => {
  it('is replaced once a task runs in its place', () => {
    expect(told(KILLED, [successor, killed])).toMatchObject([
      { kind: 'killed', backAt: at(12), replaced: true, trail: 'kill(9) → die 137 → replaced by Swarm' },
    ]);
    expect(told(KILLED, [task('two', { ...successor, state: 'preparing' }), killed])).toMatchObject([
      { kind: 'killed', backAt: null, replaced: false },
    ]);
  });

  it('stays replaced when the one that took its place has ended itself', () => {
    const next = { ...successor, state: 'shutdown', desired: 'shutdown', changedAt: at(18) };
    const third = task('three', { createdAt: at(17), changedAt: at(19) });
    expect(told(KILLED, [third, next, killed])).toMatchObject([{ backAt: at(10), replaced: true }]);
  });

  it('is not replaced by the replica of another slot', () => {
    expect(told(KILLED, [task('two', { ...successor, slot: 2 }), killed])).toMatchObject([{ backAt: null }]);
  });

  it('was no stop by hand when Swarm ended the task: an update, fewer replicas, a removed service', () => {
    const shut = { ...killed, state: 'shutdown', exitCode: 0, error: null };
    expect(told(STOPPED, [successor, shut])).toMatchObject([{ kind: 'retired' }]);
    expect(told(STOPPED, [])).toMatchObject([{ kind: 'retired' }]);
  });

  it("is nobody's trouble once Swarm has forgotten the task, whatever it was", () => {
    expect(told(KILLED, [successor])).toMatchObject([{ kind: 'retired' }]);
  });

  it('was a stop by hand when the task ended by itself', () => {
    const complete = { ...killed, state: 'complete', exitCode: 0, error: null };
    expect(told(STOPPED, [successor, complete])).toMatchObject([{ kind: 'stopped', backAt: at(12) }]);
  });

  it('is not called a stop by hand before Swarm was read after it', () => {
    expect(told(STOPPED, [], 11)).toMatchObject([{ kind: 'retired' }]);
  });
});

describe('what is named on a swarm', () => {
  const named = (events: readonly WorkloadEvent[], later: readonly SwarmTask[]) =>
    new Map(
      watch(40, world(events, later), allModes(failureModes)).flatMap(({ findings }) =>
        findings.map(({ id, title }) => [id, title] as const),
      ),
    );

  it('a killed task, with the replacement in the title', () => {
    const found = named(KILLED, [successor, killed]);
    expect(found.get('container-kill')).toMatch(/was killed .* and Swarm replaced it after 2\.0 s/);
    expect(found.has('service-restarted')).toBe(false);
  });

  it('nothing, when Swarm itself ended it', () => {
    const shut = { ...killed, state: 'shutdown', exitCode: 0, error: null };
    expect([...named(STOPPED, [successor, shut]).keys()]).toEqual([]);
  });

  it('what mends it is a command of Swarm', () => {
    const [, one, two] = services().services;
    if (!one || !two) throw new Error('no services');
    expect(startFix(one)).toMatchObject({ command: 'docker service ps --no-trunc shop' });
    const options = { container: '--cpus 1', swarm: '--limit-cpu 1' };
    expect(limitFix(one, 'more', options).command).toBe('docker service update --limit-cpu 1 shop');
    expect(limitFix(two, 'more', options).command).toBe('docker update --cpus 1 shop-2');
  });
});
