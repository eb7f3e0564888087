import { describe, expect, it } from 'vitest';
import { type Expected, type JudgedFinding, judge } from './judge.js';

const found = (id: string, more: Partial<JudgedFinding> = {}): JudgedFinding => ({
  id,
  title: `${id} at db`,
  target: 'db',
  severity: 'critical',
  confidence: 0.9,
  ...more,
});

const expected = (kind: Expected['kind'], expect: string, more: Partial<Expected> = {}): Expected => ({
  case: 'a-case',
  when: 'broken',
  also: '',
  where: '',
  kind,
  expect,
  ...more,
});

const FAILED = { exit: 1, seconds: 20 };
const verdict = (of: Expected, ...findings: JudgedFinding[]): [boolean, string] => {
  const { pass, verdict } = judge(of, findings, FAILED);
  return [pass, verdict];
};

describe('a claimed mode', () => {
  const cut = expected('claimed', 'partition|packet-loss', { where: 'db', also: 'retransmission' });

  it.each([
    ['named in its place', [found('partition')], [true, 'right']],
    ['named by its other name', [found('packet-loss')], [true, 'right']],
    [
      'named elsewhere',
      [found('partition', { target: 'redis', title: 'cut off' })],
      [false, 'right, not where'],
    ],
    ['its place stands in the title', [found('partition', { target: '10.0.0.2' })], [true, 'right']],
    ['a symptom on top', [found('retransmission'), found('partition')], [false, 'honest, missed']],
    ['http-errors is always a symptom', [found('http-errors')], [false, 'honest, missed']],
    ['another cause on top', [found('latency'), found('partition')], [false, 'WRONG']],
    ['a longer id is another cause', [found('partition-of-disk')], [false, 'WRONG']],
    ['silence', [], [false, 'nothing said, missed']],
    ['a notice is not told', [found('partition', { severity: 'notice' })], [false, 'nothing said, missed']],
    ['pending is not told yet', [found('partition', { state: 'pending' })], [false, 'nothing said, missed']],
    [
      'a notice above it is not on top',
      [found('service-restarted', { severity: 'notice' }), found('partition')],
      [true, 'right'],
    ],
  ] as const)('%s', (_, findings, wanted) => {
    expect(verdict(cut, ...findings)).toEqual(wanted);
  });

  it('tells causes that stand beside it, but not what it explains', () => {
    const { extra } = judge(
      cut,
      [found('partition'), found('latency'), found('service-hung', { explainedBy: 'partition' })],
      FAILED,
    );
    expect(extra).toEqual(['latency']);
  });

  it('sees when something sick was called well', () => {
    expect(judge(cut, [], { exit: 0, seconds: 20 }).calledWell).toBe(true);
    expect(judge(cut, [], { exit: 3, seconds: 20 }).calledWell).toBe(false);
  });
});

describe('a mode that is not the product’s', () => {
  const unknown = expected('unclaimed', 'mtu-black-hole', { also: 'retransmission' });

  it.each([
    ['silence', [], [true, 'nothing said']],
    ['a symptom', [found('retransmission')], [true, 'honest']],
    ['its name', [found('mtu-black-hole')], [true, 'right']],
    ['another’s name', [found('packet-loss')], [false, 'WRONG']],
  ] as const)('%s', (_, findings, wanted) => {
    expect(verdict(unknown, ...findings)).toEqual(wanted);
  });
});

describe('a control', () => {
  const quiet = expected('control', 'none');

  it.each([
    ['silence', [], [true, 'quiet']],
    ['a notice', [found('service-restarted', { severity: 'notice' })], [true, 'quiet']],
    ['a symptom is an alarm', [found('http-errors')], [false, 'FALSE ALARM']],
    ['a folded one is an alarm', [found('latency', { explainedBy: 'cpu-limit' })], [false, 'FALSE ALARM']],
  ] as const)('%s', (_, findings, wanted) => {
    expect(verdict(quiet, ...findings)).toEqual(wanted);
  });
});

describe('two at once', () => {
  const two = expected('double', 'resolver-dead&container-kill|service-stopped');

  it.each([
    ['both', [found('resolver-dead'), found('service-stopped')], [true, 'both']],
    ['one', [found('resolver-dead')], [false, 'missed container-kill|service-stopped']],
    [
      'one told as the other’s effect',
      [found('resolver-dead'), found('container-kill', { explainedBy: 'resolver-dead' })],
      [false, 'missed container-kill|service-stopped'],
    ],
  ] as const)('%s', (_, findings, wanted) => {
    expect(verdict(two, ...findings)).toEqual(wanted);
  });
});
