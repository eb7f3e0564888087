import { describe, expect, it } from 'vitest';
import { type Ending, endings } from '../../../source/diagnosis/facts/events.js';
import type { WorkloadEvent } from '../../../source/probes/samples.js';
import { containerServices, event, eventsAt, gone } from '../../helpers/container-world.js';
import { play } from '../../helpers/history.js';

/** What is told of `shop-1` after these events. */
const told = (events: readonly WorkloadEvent[], services = containerServices()): Ending[] =>
  endings(play(60, (t) => ({ services, ...eventsAt(t, events) })));

const on = (t: number, action: string, detail = '') => event(t, 'shop-1', action, detail);
const kill = (t: number, signal: number) => on(t, 'kill', `signal ${signal}`);
const die = (t: number, code: number) => on(t, 'die', `exit code ${code}: some words`);

/** The sequences as Docker sends them, and what each is. */
const SEQUENCES: readonly (readonly [string, readonly WorkloadEvent[], Partial<Ending>])[] = [
  ['docker kill', [kill(10, 9), die(10, 137)], { kind: 'killed', trail: 'kill(9) → die 137', backAt: null }],
  [
    'docker stop',
    [kill(10, 15), die(11, 0), on(11, 'stop')],
    { kind: 'stopped', trail: 'kill(15) → die 0 → stop' },
  ],
  [
    'docker stop that overran',
    [kill(10, 15), kill(20, 9), die(20, 137), on(20, 'stop')],
    { kind: 'stopped', trail: 'kill(15) → kill(9) → die 137 → stop' },
  ],
  [
    'a stop signal of its own',
    [kill(10, 3), die(11, 0), on(11, 'stop')],
    { kind: 'stopped', trail: 'kill(3) → die 0 → stop' },
  ],
  [
    'docker restart',
    [kill(10, 15), die(11, 0), on(11, 'stop'), on(12, 'start'), on(12, 'restart')],
    { kind: 'stopped', trail: 'kill(15) → die 0 → stop → start', backAt: event(12, '', '').at },
  ],
  ['out of memory of its first process', [on(10, 'oom'), die(10, 137)], { kind: 'out-of-memory' }],
  ['an oom told after the end', [die(10, 137), on(11, 'oom')], { kind: 'out-of-memory' }],
  ['SIGKILL from the host', [die(10, 137)], { kind: 'killed-from-outside', trail: 'die 137' }],
  ['a crash', [die(10, 1)], { kind: 'crashed', code: 1 }],
  ['an end of its own', [die(10, 0)], { kind: 'finished' }],
];

describe('the order of events tells how a container ended', () => {
  it.each(SEQUENCES)('%s', (_, events, expected) => {
    expect(told(events)).toMatchObject([expected]);
  });

  it('a signal that ends nothing is no end, and worker kills are none', () => {
    expect(told([kill(10, 1), on(20, 'oom'), on(21, 'oom')])).toEqual([]);
  });

  it('a signal to an earlier life does not speak for a later end', () => {
    const two = told([kill(5, 15), die(6, 0), on(6, 'stop'), on(7, 'start'), die(30, 1)]);
    expect(two.map(({ kind }) => kind)).toEqual(['stopped', 'crashed']);
  });

  it('the engine tells the code where the event does not', () => {
    const services = containerServices({ 'shop-1': gone(3, 'failed with exit code 3') });
    const at = event(10, '', '').at;
    const known = services.services.map((one) =>
      one.lastExit ? { ...one, lastExit: { ...one.lastExit, at } } : one,
    );
    expect(told([on(10, 'die', 'failed')], { ...services, services: known })).toMatchObject([{ code: 3 }]);
  });

  it('what was removed since is no trouble of anybody: a keeper, a one-off', () => {
    expect(told([event(10, 'faultline-f12', 'kill', 'signal 9'), event(10, 'faultline-f12', 'die')])).toEqual(
      [],
    );
  });
});
