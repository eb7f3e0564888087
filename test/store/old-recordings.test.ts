import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../source/probes/probe.js';
import { asWrittenToday } from '../../source/store/old-recordings.js';

const outcome = (id: string, sample: unknown): ProbeOutcome => ({ ok: true, id, at: 1, tookMs: 1, sample });

describe('an old recording', () => {
  it('told the figures of events in words', () => {
    const old = [
      { at: 1, workload: 'db', action: 'kill', detail: 'signal 9' },
      { at: 2, workload: 'db', action: 'die', detail: 'exit code 137: killed (SIGKILL)' },
      { at: 3, workload: 'db', action: 'die', detail: 'exit code unknown' },
      { at: 4, workload: 'db', action: 'disconnect', detail: 'network shop front' },
      { at: 5, workload: 'db', action: 'start', detail: '' },
    ];
    const figures = [{ signal: 9 }, { exitCode: 137 }, {}, { network: 'shop front' }, {}];
    const today = outcome('events', { events: old.map((one, i) => ({ ...one, ...figures[i] })), lost: 0 });
    expect(asWrittenToday(outcome('events', { events: old, lost: 0 }))).toEqual(today);
    expect(asWrittenToday(today)).toEqual(today);
  });

  it('told in words why one should reach another', () => {
    const because = [
      ['its sockets were connected to it', 'seen'],
      ['it is configured to use it', 'told'],
      ['compose says that it depends on it', 'compose'],
      ['they share a network', 'shared-network'],
    ];
    const cells = (which: 0 | 1) =>
      outcome('matrix', { cells: [...because.map((pair) => ({ because: pair[which] })), {}] });
    expect(asWrittenToday(cells(0))).toEqual(cells(1));
    expect(asWrittenToday(cells(1))).toEqual(cells(1));
  });

  it('is else as it was', () => {
    const failed: ProbeOutcome = { ok: false, id: 'events', at: 1, tookMs: 1, kind: 'failed', reason: 'x' };
    const other = outcome('kernel', { counters: {}, means: '' });
    expect([asWrittenToday(failed), asWrittenToday(other)]).toEqual([failed, other]);
  });
});
