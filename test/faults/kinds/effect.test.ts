import { describe, expect, it } from 'vitest';
import type { Observation, ReadingResult } from '../../../source/faults/fault-plan.js';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import { effectOf, planFault } from '../../../source/faults/kinds/planner.js';
import { surroundings } from '../plan/stage.js';

const said = (output: string, code = 0): ReadingResult => ({ code, output, ms: 1 });
const observed = (
  readings: Record<string, ReadingResult>,
  snapshot: Record<string, string> = {},
): Observation => ({
  snapshot,
  readings,
});
const ping = (received: number, sent: number, mean: number): ReadingResult =>
  said(
    `${sent} packets transmitted, ${received} received, ${100 - (100 * received) / sent}% packet loss, time 40ms\nrtt min/avg/max/mdev = 0.051/${mean}/0.115/0.021 ms, pipe 2\n`,
  );
const GATEWAY = 'ping 172.18.0.1';

function verdict(spec: FaultSpec, before: Observation, after: Observation, other = surroundings()) {
  return effectOf(planFault(spec, other), before, after);
}

describe('delay', () => {
  const spec: FaultSpec = { kind: 'delay', target: 'web', ms: 200 };

  it('is confirmed by the round trip to the gateway', () => {
    const found = verdict(
      spec,
      observed({ [GATEWAY]: ping(5, 5, 0.08) }),
      observed({ [GATEWAY]: ping(5, 5, 200.6) }),
    );
    expect(found).toEqual({ verdict: 'Confirmed', signal: 'round trip to 172.18.0.1 0.08 ms → 201 ms' });
  });

  it('is a mismatch where nothing waits, and open where nobody answers', () => {
    const quick = observed({ [GATEWAY]: ping(5, 5, 0.08) });
    expect(verdict(spec, quick, quick).verdict).toBe('Mismatch');
    const silent = observed({ [GATEWAY]: said('5 packets transmitted, 0 received, 100% packet loss', 1) });
    expect(verdict(spec, silent, silent).verdict).toBe('Inconclusive');
  });
});

describe('loss and partition', () => {
  const rules = (packets: number): ReadingResult =>
    said(`numgen random counter packets ${packets} bytes 84 drop`);

  it('need the counter of their own rule', () => {
    const spec: FaultSpec = { kind: 'loss', target: 'web', percent: 10 };
    const before = observed({ [GATEWAY]: ping(50, 50, 0.1) });
    const loaded = (received: number, packets: number) =>
      observed({ [GATEWAY]: ping(received, 50, 0.1), 'rules inet': rules(packets) });
    expect(verdict(spec, before, loaded(45, 5))).toEqual({
      verdict: 'Confirmed',
      signal: '0/50 → 5/50 pings lost, 5 packets dropped by its rule',
    });
    expect(verdict(spec, before, loaded(50, 0)).verdict).toBe('Mismatch');
    expect(verdict({ ...spec, percent: 0.1 }, before, loaded(50, 0)).verdict).toBe('Inconclusive');
  });

  it('a peer that answered and still does is a mismatch', () => {
    const spec: FaultSpec = { kind: 'drop-peer', target: 'web', peers: ['10.0.0.9'], ways: 'both' };
    const up = observed({ 'ping 10.0.0.9': ping(3, 3, 0.1), 'rules inet': rules(0) });
    const down = observed({ 'ping 10.0.0.9': ping(0, 3, 0), 'rules inet': rules(3) });
    expect(verdict(spec, up, up).verdict).toBe('Mismatch');
    expect(verdict(spec, up, down).verdict).toBe('Confirmed');
    expect(verdict(spec, observed({}), observed({})).verdict).toBe('Inconclusive');
  });
});

describe('DNS', () => {
  const before = observed({ 'lookup web': said('code 0 0.35') });

  it('wants the code that was asked for, through its own redirection', () => {
    const spec: FaultSpec = { kind: 'dns-answer', target: 'web', rcode: 'SERVFAIL' };
    const answered = (code: number, packets: number) =>
      observed({
        'lookup web': said(`code ${code} 0.4`),
        'rules inet': said(`counter packets ${packets} bytes 1`),
      });
    expect(verdict(spec, before, answered(2, 1)).verdict).toBe('Confirmed');
    expect(verdict(spec, before, answered(3, 1)).verdict).toBe('Mismatch');
    expect(verdict(spec, before, answered(2, 0)).verdict).toBe('Mismatch');
  });

  it('wants silence where answers are dropped', () => {
    const spec: FaultSpec = { kind: 'dns-drop', target: 'web' };
    const silent = observed({
      'lookup web': said('none timed out'),
      'rules inet': said('counter packets 1 bytes 1'),
    });
    expect(verdict(spec, before, silent).signal).toContain('NOERROR after 0.35 ms → nothing within 1.5 s');
    expect(verdict(spec, before, silent).verdict).toBe('Confirmed');
    expect(verdict(spec, before, before).verdict).toBe('Mismatch');
  });
});

describe('what the daemon says', () => {
  it.each([
    [
      { kind: 'cpu', target: 'web', cpus: 0.05 },
      'limits',
      'cpu nano none\ncpu quota none',
      'cpu nano none\ncpu quota 5000',
    ],
    [{ kind: 'memory', target: 'web', bytes: 52_428_800 }, 'limits', 'memory none', 'memory 52428800'],
    [{ kind: 'pause', target: 'web' }, 'state', 'running', 'paused'],
    [{ kind: 'kill', target: 'web', signal: 'SIGKILL' }, 'state', 'running', 'exited'],
    [{ kind: 'disconnect', target: 'web', network: 'lab' }, 'networks', 'lab 10.0.0.5 aliases web', ''],
    [
      { kind: 'open-files', target: 'web', limit: 64 },
      'open files',
      'Max open files 1024 4096 files',
      'Max open files 64 4096 files',
    ],
  ] as [FaultSpec, string, string, string][])('%j', (spec, section, was, is) => {
    const before = observed({}, { [section]: was });
    expect(verdict(spec, before, observed({}, { [section]: is })).verdict).toBe('Confirmed');
    expect(verdict(spec, before, before).verdict).not.toBe('Confirmed');
  });

  it('memory that was taken, or its victim', () => {
    const stage = surroundings({ target: { limits: { ...surroundings().target.limits, memory: 64 << 20 } } });
    const spec: FaultSpec = { kind: 'allocate', target: 'web', bytes: 80_000_000, victim: 'worker' };
    const before = observed({}, { state: 'running' });
    const seen = (text: string, state = 'running') => observed({ memory: said(text) }, { state });
    expect(verdict(spec, before, seen('processes 4 killed 1 bytes 30000000'), stage).signal).toContain(
      'was killed for it',
    );
    expect(verdict(spec, before, seen('processes 4 killed 0 bytes 79000000'), stage).verdict).toBe(
      'Confirmed',
    );
    expect(verdict(spec, before, seen('processes 0 killed 0 bytes 0'), stage).verdict).toBe('Mismatch');
    expect(verdict(spec, before, seen('', 'exited'), stage).verdict).toBe('Mismatch');
    expect(verdict({ ...spec, victim: 'pid-1' }, before, seen('', 'exited'), stage).verdict).toBe(
      'Confirmed',
    );
  });
});
