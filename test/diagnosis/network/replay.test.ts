import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import { type ReplayedLook, replay } from '../../../source/diagnosis/replay.js';
import type { ProbeOutcome } from '../../../source/probes/probe.js';
import type { HttpSample, MatrixSample } from '../../../source/probes/samples.js';
import { recorded } from '../../helpers/recordings.js';
import { RECORDED } from './recorded.js';

/** A recording does not hold when a sample is stale: lookups inside are watched every 15 s (ms). */
const overdueMs = (id: string): number => (id.startsWith('dns:') ? 65_000 : 25_000);
const judged = (name: string): ReplayedLook[] => replay(recorded(name), allModes(), overdueMs);
const causes = ({ findings }: ReplayedLook): string[] =>
  findings.flatMap((one) => (one.state === 'firing' && one.explainedBy === null ? [one.id] : []));

/** Wall-clock ms at which a page failed or took three times as long as before, or a connection no longer came about. */
function firstSymptom(outcomes: readonly ProbeOutcome[]): number {
  const times = new Map<string, number[]>();
  for (const outcome of outcomes) {
    if (!outcome.ok) continue;
    if (outcome.id.startsWith('http:') && isSick(outcome.sample as HttpSample, times)) return outcome.at;
    if (outcome.id === 'matrix') {
      const { cells } = outcome.sample as MatrixSample;
      if (cells.some((cell) => cell.outcome === 'timeout' || cell.outcome === 'unreachable'))
        return outcome.at;
    }
  }
  return Number.NaN;
}

function isSick({ target, ok, totalMs }: HttpSample, times: Map<string, number[]>): boolean {
  const before = times.get(target) ?? [];
  times.set(target, [...before, totalMs]);
  const usual = [...before].sort((a, b) => a - b)[Math.floor(before.length / 2)] ?? totalMs;
  return !ok || totalMs > Math.max(300, 3 * usual);
}

describe('a recording of the Docker lab replays to what was named live', () => {
  it.each(RECORDED)('%s: %s on top within 15 s of the first symptom, before anything else', (name, id) => {
    const looks = judged(name);
    const named = looks.findIndex((look) => causes(look)[0] === id);
    expect((looks[named]?.now ?? Number.NaN) - firstSymptom(recorded(name))).toBeLessThanOrEqual(15_000);
    expect(looks.slice(0, named).flatMap(causes)).toEqual([]);
  });

  it.each(RECORDED)('%s: nothing else is on top for more than 3 s, and it goes away again', (name, id) => {
    const tops = judged(name).map((look) => causes(look)[0]);
    expect(tops.filter((top) => top === id).length).toBeGreaterThan(1);
    const others = tops.filter((top) => top !== undefined && top !== id);
    // What ends a spike is named for what it is: a restart by hand.
    expect(others.filter((top) => top !== 'service-restarted').length).toBeLessThanOrEqual(3);
    expect([undefined, 'service-restarted']).toContain(tops.at(-1));
  });

  it.each(RECORDED)('%s: every figure that is told was measured', (name, id) => {
    for (const { findings } of judged(name)) {
      const finding = findings.find((one) => one.id === id && one.state === 'firing');
      if (!finding) continue;
      expect(JSON.stringify([finding.title, finding.explanation, finding.ruledOut, finding.fix])).not.toMatch(
        /undefined|NaN|null|Infinity/,
      );
    }
  });
});

it('a spike on replicas is ended by restarting the replicas, not the gateway that users see', () => {
  const fixes = judged('docker-spike').flatMap(({ findings }) =>
    findings.flatMap((one) =>
      one.id === 'resolver-saturation' && one.state === 'firing' ? [one.fix[0]?.action] : [],
    ),
  );
  expect(fixes.length).toBeGreaterThan(2);
  for (const action of fixes) expect(action).toEqual({ name: 'restart', argument: 'todo-app' });
});
