// What a case is worth: pure, and as a program the one line of JSON that a case prints.
//   node judge.ts CASE KIND WHEN EXPECT ALSO WHERE report.json look
import { readFileSync } from 'node:fs';

/** What a case expects; EXPECT, ALSO and WHERE as `lib.sh` describes them. */
export interface Expected {
  readonly case: string;
  readonly kind: 'claimed' | 'unclaimed' | 'control' | 'double';
  readonly when: 'broken' | 'steady';
  readonly expect: string;
  readonly also: string;
  readonly where: string;
}

/** The part of a finding of `check --json` that is judged. */
export interface JudgedFinding {
  readonly id: string;
  readonly title: string;
  readonly target: string;
  readonly severity: string;
  readonly confidence: number;
  readonly state?: string;
  readonly explainedBy?: string | null;
}

export interface Judged extends Expected {
  readonly pass: boolean;
  readonly verdict: string;
  /** The finding on top, or null. */
  readonly named: string | null;
  readonly title: string | null;
  readonly target: string | null;
  readonly confidence: number | null;
  /** Every finding that is not pending. */
  readonly all: readonly string[];
  /** Causes that stand on their own and are neither expected nor honest. */
  readonly extra: readonly string[];
  /** Exit code 0, which is "all well", though something is wrong. */
  readonly calledWell: boolean;
  readonly exit: number;
  readonly seconds: number;
}

/** Is this id one of a pattern? An empty pattern has none. */
const isOf = (id: string, pattern: string): boolean =>
  pattern !== '' && new RegExp(`^(?:${pattern})$`).test(id);

/** Judges one report. A finding of severity notice is no alarm; a folded one is told as another's effect. */
export function judge(
  expected: Expected,
  findings: readonly JudgedFinding[],
  ended: { readonly exit: number; readonly seconds: number },
): Judged {
  const found = findings.filter(({ state }) => state !== 'pending');
  const loud = found.filter(({ severity }) => severity !== 'notice');
  const alone = loud.filter(({ explainedBy }) => !explainedBy);
  const [top] = loud;
  const honest = (id: string): boolean => id === 'http-errors' || isOf(id, expected.also);
  return {
    ...expected,
    ...decide(expected, { loud, alone, honest }),
    named: top?.id ?? null,
    title: top?.title ?? null,
    target: top?.target ?? null,
    confidence: top?.confidence ?? null,
    all: found.map(
      ({ id, severity, explainedBy }) => `${id} ${severity}${explainedBy ? ` <${explainedBy}` : ''}`,
    ),
    calledWell: expected.kind !== 'control' && ended.exit === 0,
    ...ended,
  };
}

interface Heard {
  readonly loud: readonly JudgedFinding[];
  readonly alone: readonly JudgedFinding[];
  readonly honest: (id: string) => boolean;
}

type Decision = Pick<Judged, 'pass' | 'verdict' | 'extra'>;

function decide({ kind, expect, where }: Expected, { loud, alone, honest }: Heard): Decision {
  const others = (isExpected: (id: string) => boolean): string[] =>
    alone.map(({ id }) => id).filter((id) => !isExpected(id) && !honest(id));
  const [top] = loud;
  if (kind === 'control') {
    return {
      pass: loud.length === 0,
      verdict: loud.length === 0 ? 'quiet' : 'FALSE ALARM',
      extra: loud.map(({ id }) => id),
    };
  }
  if (kind === 'double') {
    const wanted = expect.split('&');
    const missed = wanted.filter((one) => !alone.some(({ id }) => isOf(id, one)));
    return {
      pass: missed.length === 0,
      verdict: missed.length === 0 ? 'both' : `missed ${missed.join(', ')}`,
      extra: others((id) => wanted.some((one) => isOf(id, one))),
    };
  }
  const extra = others((id) => isOf(id, expect));
  if (top === undefined) return { pass: kind === 'unclaimed', verdict: missed('nothing said', kind), extra };
  if (isOf(top.id, expect)) {
    const isThere = where === '' || new RegExp(where).test(`${top.target} | ${top.title}`);
    return { pass: isThere || kind === 'unclaimed', verdict: isThere ? 'right' : 'right, not where', extra };
  }
  if (honest(top.id)) return { pass: kind === 'unclaimed', verdict: missed('honest', kind), extra };
  return { pass: false, verdict: 'WRONG', extra };
}

const missed = (verdict: string, kind: Expected['kind']): string =>
  kind === 'claimed' ? `${verdict}, missed` : verdict;

if (process.argv[1]?.endsWith('/judge.ts')) {
  const [name, kind, when, expect, also, where, report, look] = process.argv.slice(2) as string[];
  const expected = { case: name, kind, when, expect, also, where } as Expected;
  try {
    const { findings } = JSON.parse(readFileSync(String(report), 'utf8'));
    const [exit, began, done] = readFileSync(String(look), 'utf8').trim().split(' ').map(Number);
    const seconds = Math.round((Number(done) - Number(began)) * 10) / 10;
    process.stdout.write(`${JSON.stringify(judge(expected, findings, { exit: Number(exit), seconds }))}\n`);
  } catch (error) {
    const row = { ...expected, pass: false, verdict: 'not judged', error: `no report: ${error}` };
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
