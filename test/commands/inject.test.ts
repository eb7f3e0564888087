import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../source/commands/arguments/options.js';
import { parseSize } from '../../source/commands/arguments/size.js';
import { leaseFor } from '../../source/commands/inject/lease.js';
import { injectOptions } from '../../source/commands/inject/options.js';
import { injectWords, parseFault } from '../../source/commands/inject/parse-fault.js';

const parse = (...words: string[]) => {
  const args = parseOptions(words, injectOptions);
  return parseFault(args.positionals[0], args);
};

describe('a fault as it is typed', () => {
  it.each([
    ['delay --on web --ms 200', { kind: 'delay', target: 'web', ms: 200 }],
    ['delay --on web --ms 200 --jitter 20', { kind: 'delay', target: 'web', ms: 200, jitterMs: 20 }],
    [
      'drop-peer --on web --peer db --peer 10.0.0.9',
      { kind: 'drop-peer', target: 'web', peers: ['db', '10.0.0.9'], ways: 'both' },
    ],
    ['dns-answer --on web --rcode servfail', { kind: 'dns-answer', target: 'web', rcode: 'SERVFAIL' }],
    ['memory --on web --memory 64m', { kind: 'memory', target: 'web', bytes: 67_108_864 }],
    [
      'allocate --on web --memory 80m --victim pid-1',
      { kind: 'allocate', target: 'web', bytes: 83_886_080, victim: 'pid-1' },
    ],
    ['kill --on web', { kind: 'kill', target: 'web', signal: 'SIGKILL' }],
  ])('%s', (typed, spec) => {
    const fault = parse(...typed.split(' ')).spec;
    expect(fault).toEqual(spec);
    expect(parse(...injectWords(fault)).spec).toEqual(spec);
  });

  it.each([
    ['', 'inject needs a kind of fault'],
    ['dealy --on web', 'unknown kind of fault dealy: did you mean delay?'],
    ['delay --ms 200', 'inject delay needs a container: --on CONTAINER'],
    ['delay --on web', 'inject delay needs --ms: write --ms 200'],
    ['delay --on web --ms fast', '--ms fast is not a number: write one like 200'],
    ['delay --on web --percent 3', 'delay takes no --percent: it takes --ms, --jitter'],
    ['pause --on web --ms 3', 'pause takes no --ms'],
    ['drop-peer --on web --peer db --ways inn', 'unknown --ways inn: did you mean in?'],
    ['delay --on web --ms 0', '--ms: a delay in ms is 0: it has to be 1 to 30000'],
    ['delay --on web --ms 20 --jitter 30', '--jitter: a jitter in ms is 30: it has to be 0 to 20'],
    ['loss --on web --percent 150', '--percent: a loss in percent is 150: it has to be 0.01 to 100'],
    ['bandwidth --on web --kbit 1', '--kbit: a rate in kbit/s is 1'],
    ['bandwidth --on web --kbit 100 --queue 0', '--queue: a queue in ms is 0'],
    ['cpu --on web --cpus -1', '--cpus: a limit in cores is -1'],
    ['memory --on web --memory 1m', '--memory: a limit in bytes is 1048576'],
    ['allocate --on web --memory 1k', '--memory: an allocation in bytes is 1024'],
    ['open-files --on web --limit 1', '--limit: a limit of open files is 1'],
    ['kill --on web --signal SIGWINCH', 'unknown --signal SIGWINCH: it is one of SIGKILL, SIGTERM'],
    ['memory --on web --memory lots', '--memory lots is not a size: write one like 64m or 1g'],
  ])('%s', (typed, message) => {
    expect(() => parse(...typed.split(' ').filter(Boolean))).toThrow(message);
  });
});

it('sizes are those of docker', () => {
  expect(['1024', '64m', '1.5g', '10kb', '2MiB'].map((size) => parseSize(size, '--memory'))).toEqual([
    1024,
    64 * 2 ** 20,
    1.5 * 2 ** 30,
    10 * 2 ** 10,
    2 * 2 ** 20,
  ]);
});

it('a fault outlives its program by 120 s at most, and a long one is renewed', () => {
  expect(leaseFor(60_000)).toEqual({ ttlMs: 70_000, renew: false });
  expect(leaseFor(600_000)).toEqual({ ttlMs: 120_000, renew: true });
});
