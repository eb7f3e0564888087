import { describe, expect, it } from 'vitest';
import type { DockerEvent } from '../../../source/engines/docker/link/docker-event.js';
import { tellEvent } from '../../../source/engines/docker/tell-event.js';

const told = (action: string, attributes: DockerEvent['attributes'], type = 'container') =>
  tellEvent(
    {
      type,
      action,
      id: 'f'.repeat(64),
      at: 5,
      stamp: '5',
      attributes: { name: 'db', ...attributes },
    } as DockerEvent,
    undefined,
  );

describe('what Docker says happened', () => {
  it('carries its figures as such, and the same in words', () => {
    expect(told('kill', { signal: '9' })).toEqual({
      ...{ at: 5, workload: 'db', action: 'kill' },
      ...{ detail: 'signal 9', signal: 9 },
    });
    expect(told('die', { exitCode: '137' })).toMatchObject({ detail: 'exit code 137', exitCode: 137 });
    expect(told('disconnect', { name: 'shop' }, 'network')).toMatchObject({
      ...{ detail: 'network shop', network: 'shop' },
    });
  });

  it('has none where none was told', () => {
    expect(told('kill', {})).toEqual({ at: 5, workload: 'db', action: 'kill', detail: 'signal ?' });
    expect(told('die', {})).toEqual({ at: 5, workload: 'db', action: 'die', detail: 'exit code unknown' });
    expect(told('start', {})).toEqual({ at: 5, workload: 'db', action: 'start', detail: '' });
  });
});
