import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { Finding } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';

/** A history of nothing but a time: what these signatures answer is told to them. */
export const at = (now: number): History => ({
  now,
  latest: { http: {} },
  window: () => [],
  signals: () => [],
});

export const ASSESSMENT: Assessment = {
  target: 'a → b',
  raise: true,
  clear: false,
  title: 'something',
  severity: 'critical',
  base: 0.5,
  evidence: [],
  ruledOut: [],
  fix: [],
  story: [],
  since: null,
};

/** A signature that answers what `say` tells it to at a time. */
export const signature = (
  id: string,
  say: (now: number) => Partial<Assessment> | undefined,
  over: Partial<Signature> = {},
): Signature => ({
  id,
  forMs: 2000,
  keepMs: 3000,
  explains: [],
  assess: ({ now }) => {
    const said = say(now);
    return said && { ...ASSESSMENT, ...said };
  },
  ...over,
});

/** The findings at each second. */
export function follow(seconds: number, ...signatures: Signature[]): Finding[][] {
  let state = NO_DIAGNOSIS;
  return Array.from({ length: seconds }, (_, i) => {
    const result = diagnose(at((i + 1) * 1000), signatures, state);
    // The state must survive being stored and read again.
    state = JSON.parse(JSON.stringify(result.state));
    return [...result.findings];
  });
}
