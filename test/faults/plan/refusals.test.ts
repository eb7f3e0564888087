import { describe, expect, it } from 'vitest';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import { planFault } from '../../../source/faults/kinds/planner.js';
import { surroundings } from './stage.js';

const delay: FaultSpec = { kind: 'delay', target: 'web', ms: 200 };

describe('whose network it would be', () => {
  it.each([
    ['host', "web has the host's network: a rule there would hit everything on that machine"],
    ['none', 'web has no network'],
    [
      { container: 'cd'.repeat(32) },
      'web has the network of container cdcdcdcdcdcd: name that one, and both are hit',
    ],
  ] as const)('refuses %j', (network, message) => {
    expect(() => planFault(delay, surroundings({ target: { network } }))).toThrow(message);
  });

  it('limits have nothing to do with it', () => {
    const plan = planFault(
      { kind: 'cpu', target: 'web', cpus: 1 },
      surroundings({ target: { network: 'host' } }),
    );
    expect(plan.agent.network).toBe('none');
  });

  it('refuses a container that does not run', () => {
    expect(() => planFault(delay, surroundings({ target: { running: false } }))).toThrow('docker start web');
  });
});

describe('hostile values never become part of a rule or a path', () => {
  it.each(['1.2.3.4; flush ruleset', '10.0.0.1/8', '::1%eth0', '127.1', '', '\n', 'example.org'])(
    'no address: %j',
    (peer) => {
      const spec: FaultSpec = { kind: 'drop-peer', target: 'web', peers: [peer], ways: 'both' };
      expect(() => planFault(spec, surroundings())).toThrow('is no IP address');
    },
  );

  it('no device name with a quote in it', () => {
    const links = [{ name: 'e"; drop', queueLength: 0, rootQdisc: 'noqueue', rootHandle: '0:' }];
    const spec: FaultSpec = { kind: 'drop-peer', target: 'web', peers: ['10.0.0.9'], ways: 'out' };
    expect(() => planFault(spec, surroundings({ inside: { links } }))).toThrow('unusual name');
  });

  it('no id that is none', () => {
    expect(() =>
      planFault({ kind: 'loss', target: 'web', percent: 1 }, { ...surroundings(), id: 'f; x' }),
    ).toThrow('is no id');
  });

  it('no numbers beyond reason', () => {
    for (const spec of [
      { ...delay, ms: Number.NaN },
      { ...delay, ms: -1 },
      { kind: 'loss', target: 'web', percent: 101 },
      { kind: 'cpu', target: 'web', cpus: 0 },
    ] as FaultSpec[])
      expect(() => planFault(spec, surroundings())).toThrow(/has to be/);
  });

  it('a target is not cut off from itself', () => {
    const spec: FaultSpec = { kind: 'drop-peer', target: 'web', peers: ['172.18.0.5'], ways: 'both' };
    expect(() => planFault(spec, surroundings())).toThrow('172.18.0.5 is web itself');
  });
});
