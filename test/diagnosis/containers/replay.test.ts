import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import { type ReplayedLook, replay } from '../../../source/diagnosis/replay.js';
import type { ProbeOutcome } from '../../../source/probes/probe.js';
import type { EventsSample } from '../../../source/probes/samples.js';
import type { Finding } from '../../../source/store/finding.js';
import { recorded, recordedText } from '../../helpers/recordings.js';

/** Recordings of real runs on the Docker lab, and the cause that was named live. */
const FOLDER = new URL('./recordings/', import.meta.url);
const NAMED: readonly (readonly [recording: string, cause: string])[] = [
  ['container-kill', 'container-kill'],
  ['cpu-limit', 'cpu-limit'],
  ['memory-limit-pid-1', 'memory-limit'],
  ['memory-limit-worker', 'memory-limit'],
];

const judged = (name: string): ReplayedLook[] => replay(recorded(name, FOLDER), allModes());
const causes = ({ findings }: ReplayedLook): Finding[] =>
  findings.filter((one) => one.state === 'firing' && one.explainedBy === null);

/** Wall-clock ms of the last event of the cause itself: the kill, the kernel's first strike, the last limit set. */
function onset(outcomes: readonly ProbeOutcome[], cause: string): number {
  const last = outcomes.findLast((one) => one.id === 'events' && one.ok);
  const events = last?.ok ? (last.sample as EventsSample).events : [];
  const [action, nth] = { 'container-kill': ['kill', 0], 'cpu-limit': ['update', 2] }[cause] ?? ['oom', 0];
  return events.filter((event) => event.action === action)[nth as number]?.at ?? Number.NaN;
}

describe('a recording of a failure of containers replays to what was named live', () => {
  it.each(NAMED)('%s: %s on top within 15 s, and nothing else before it', (name, id) => {
    const outcomes = recorded(name, FOLDER);
    const looks = replay(outcomes, allModes());
    const named = looks.findIndex((look) => causes(look)[0]?.id === id);
    expect((looks[named]?.now ?? Number.NaN) - onset(outcomes, id)).toBeLessThanOrEqual(15_000);
    expect(looks.slice(0, named).flatMap((look) => causes(look).map((one) => one.title))).toEqual([]);
  });

  it.each(NAMED)('%s: it stays alone on top, rules rivals out by figures, and goes', (name, id) => {
    const looks = judged(name);
    const tops = looks.flatMap((look) => causes(look)[0] ?? []);
    expect(tops.filter((top) => top.id === id).length).toBeGreaterThan(3);
    expect(tops.filter((top) => top.id !== id).map((top) => top.title)).toEqual([]);
    for (const { because } of tops.flatMap((top) => top.ruledOut))
      expect(because).not.toMatch(/undefined|NaN|null/);
    expect(causes(looks.at(-1) as ReplayedLook)).toEqual([]);
  });

  it.each(NAMED)('%s tells nothing of the machine it was made on', (name) => {
    expect(recordedText(name, FOLDER)).not.toMatch(/\/home\/|\/root\/|\/tmp\/|\/work\/|password/i);
  });

  it('there are no others', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(NAMED.map(([name]) => `${name}.ndjson.gz`));
  });
});
