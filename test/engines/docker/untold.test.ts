import { describe, expect, it } from 'vitest';
import { ContainerRecord } from '../../../source/engines/docker/containers/container-record.js';
import { fromInspect } from '../../../source/engines/docker/containers/from-daemon.js';
import { UntoldOoms } from '../../../source/engines/docker/containers/untold-oom.js';
import { EVENT_FILTER, parseDockerEvent } from '../../../source/engines/docker/link/docker-event.js';

const ID = 'ab'.repeat(32);
const BOOT = 1_000_000;
const KILL = { group: `/libpod_parent/libpod-${ID}`, sinceBootMs: 50_000 };

describe('a kill for memory that the engine does not tell of', () => {
  const ooms = (kills = [KILL]) =>
    new UntoldOoms(
      () => kills,
      () => BOOT + 90_000,
      BOOT,
    );
  it.each([
    ['right before its end', 50_300, 137, BOOT + 50_000],
    ['told a little after its end', 49_000, 137, BOOT + 49_000],
    ['of an end whose code was not told', 50_300, null, BOOT + 50_000],
    ['that was long before', 80_000, 137, undefined],
    ['that came after', 40_000, 137, undefined],
    ['of an end that was no SIGKILL', 50_300, 1, undefined],
  ])('%s', (_, after, code, expected) => {
    expect(ooms().before({ id: ID, at: BOOT + after, code })).toBe(expected);
  });

  it('of another container is not its', () => {
    expect(ooms().before({ id: 'cd'.repeat(32), at: BOOT + 50_300, code: 137 })).toBeUndefined();
  });

  it('is looked for once for many ends of before, and again for one of after', () => {
    let reads = 0;
    let now = BOOT + 60_000;
    const counted = new UntoldOoms(
      () => {
        reads += 1;
        return [KILL];
      },
      () => now,
      BOOT,
    );
    for (let i = 0; i < 100; i++) counted.before({ id: ID, at: BOOT + 50_000 + i, code: 137 });
    expect(reads).toBe(1);
    now = BOOT + 70_000;
    counted.before({ id: ID, at: BOOT + 65_000, code: 137 });
    expect(reads).toBe(2);
  });
});

describe('a start that came to nothing without a word', () => {
  const inspected = (status: string, started = '0001-01-01T00:00:00Z', error = '') =>
    fromInspect({
      Id: ID,
      Name: '/worker',
      State: {
        Status: status,
        Pid: 0,
        ExitCode: 0,
        StartedAt: started,
        FinishedAt: '0001-01-01T00:00:00Z',
        Error: error,
      },
    } as never);
  const startError = (details: ReturnType<typeof inspected>, cleanedUp = true) => {
    const record = new ContainerRecord(details);
    record.inspect(details);
    if (cleanedUp) record.cleanedUp();
    return record.snapshot().startError;
  };

  it('is told by what its engine puts away', () => {
    expect(EVENT_FILTER.event).toContain('cleanup');
    const line = `{"Type":"container","Action":"cleanup","Actor":{"ID":"${ID}"},"timeNano":1700000000000000000}`;
    expect(parseDockerEvent(line)?.action).toBe('cleanup');
    expect(startError(inspected('created'))).toBe('its engine does not keep why');
  });

  it('is none where nobody tried, where it ran, and where its engine has words', () => {
    expect(startError(inspected('created'), false)).toBeUndefined();
    expect(startError(inspected('exited', '2026-01-01T00:00:00Z'))).toBeUndefined();
    expect(startError(inspected('created', '0001-01-01T00:00:00Z', 'no such file'))).toBe('no such file');
  });
});
