import { describe, expect, it } from 'vitest';
import { classifyConnect } from '../../../source/probes/matrix/connect-outcome.js';

describe('what an end of connect() says', () => {
  it.each([
    [null, 'connected'],
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'no-route'],
    ['EINVAL', 'no-route'],
    ['EACCES', 'permission'],
    ['EPERM', 'permission'],
    ['EADDRNOTAVAIL', 'no-port'],
    ['ECONNRESET', 'reset'],
    ['ECONNABORTED', 'reset'],
    ['EMFILE', 'unmeasured'],
    ['toString', 'unmeasured'],
  ])('%s: %s', (errno, outcome) => {
    expect(classifyConnect(errno, 1_500).outcome).toBe(outcome);
  });

  it('names the patience that ended and the errno that nobody knows', () => {
    expect(classifyConnect('ETIMEDOUT', 1_500).meaning).toContain('1.5 s');
    expect(classifyConnect('EOWNERDEAD', 1_500).meaning).toContain('EOWNERDEAD');
  });
});
