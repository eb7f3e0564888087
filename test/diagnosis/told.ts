import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import type { Candidate, Mode } from '../../source/diagnosis/mode.js';
import type { Threshold } from '../../source/diagnosis/threshold.js';
import type { Finding } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';

/** A history of nothing but a time: what these modes answer is told to them. */
export const at = (now: number): History => ({
  now,
  latest: { http: {} },
  window: () => [],
  each: () => undefined,
  newest: () => undefined,
  signals: () => [],
});

export const CANDIDATE: Candidate = {
  subject: { kind: 'host', id: 'here' },
  target: 'a → b',
  raise: true,
  clear: false,
  title: 'something',
  severity: 'critical',
  base: 0.5,
  evidence: [],
  fix: [],
  explanation: [],
  since: null,
};

/** A threshold of a weight, for rows of evidence. */
export const weighing = (weight: number): Threshold => ({
  unit: 'pieces',
  value: 2,
  weight,
  source: 'test',
});

type Said = Partial<Candidate> | readonly Partial<Candidate>[] | undefined;

/** A mode that answers what `say` tells it to at a time: a candidate, several, or none. */
export const mode = (id: string, say: (now: number) => Said, over: Partial<Mode> = {}): Mode => ({
  id,
  called: id,
  scope: 'host',
  inputs: [],
  forMs: 2000,
  keepMs: 3000,
  minSamples: 1,
  base: 0.5,
  thresholds: {},
  explains: [],
  rivals: [],
  clears: () => undefined,
  detect: ({ now }) => {
    const said = say(now) ?? [];
    const all = Array.isArray(said) ? said : [said];
    return all.map((one) => ({ ...CANDIDATE, ...one }));
  },
  ...over,
});

/** The findings at each second. */
export function follow(seconds: number, ...modes: Mode[]): Finding[][] {
  let state = NO_DIAGNOSIS;
  return Array.from({ length: seconds }, (_, i) => {
    const result = diagnose(at((i + 1) * 1000), modes, state);
    // The state must survive being stored and read again.
    state = JSON.parse(JSON.stringify(result.state));
    return [...result.findings];
  });
}
