import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../source/probes/probe.js';
import { openRecorder, readRecording } from '../../source/store/recording.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a recording', () => {
  it('gives back what it took', () => {
    const outcomes: ProbeOutcome[] = [
      { ok: true, id: 'conntrack', at: 1, tookMs: 0.5, sample: { count: 3 } },
      { ok: false, id: 'kernel', at: 2, tookMs: 1, kind: 'timeout', reason: 'no answer within 1 s' },
    ];
    const file = join(folder, 'a.ndjson');
    const recorder = openRecorder(file);
    for (const outcome of outcomes) recorder.take(outcome);
    recorder.close();
    recorder.take(outcomes[0] as ProbeOutcome);
    expect(readRecording(file)).toEqual(outcomes);
  });

  it('says which file or line is none', () => {
    const file = join(folder, 'b.ndjson');
    writeFileSync(file, '{"hello":1}\n');
    expect(() => readRecording(file)).toThrow(/not a Faultline recording/);
    writeFileSync(file, '{"format":"faultline-recording","version":1}\n{"ok":tru\n');
    expect(() => readRecording(file)).toThrow(/b\.ndjson:2 is not JSON/);
  });
});
