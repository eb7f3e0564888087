import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFieldResults } from '../../../source/commands/bench/field-results.js';
import { figuresOf } from '../../../source/commands/bench/figures.js';
import { isRight } from '../../../source/commands/bench/measured.js';
import { judge } from '../../field/judge.js';

const finding = (id: string, over = {}) => ({
  ...{ id, title: `${id} here`, target: 'db', severity: 'critical', confidence: 0.9 },
  ...over,
});
const judged = (kind: 'claimed' | 'control' | 'double' | 'unclaimed', expected: string, ...ids: string[]) =>
  judge(
    { case: `${kind}-${expected}`, kind, when: 'broken', expect: expected, also: '', where: 'db' },
    ids.map((id) => finding(id)),
    { exit: 1, seconds: 20 },
  );

describe('what field cases gave', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (rows: unknown) => {
    const file = join(folder, 'field.json');
    writeFileSync(file, typeof rows === 'string' ? rows : JSON.stringify(rows));
    return readFieldResults(file);
  };

  it('is right where its judge says so, and counted with its score', () => {
    const runs = read([
      judged('claimed', 'latency|packet-loss', 'packet-loss', 'http-errors'),
      judged('claimed', 'partition', 'latency'),
      judged('double', 'a&b', 'b', 'a'),
      judged('double', 'a&b', 'a'),
      judged('control', '', 'latency'),
      judged('control', ''),
      {
        case: 'broke',
        kind: 'claimed',
        when: 'broken',
        expect: 'x',
        pass: false,
        verdict: 'not judged',
        error: 'no',
      },
    ]);
    expect(runs.map(isRight)).toEqual([true, false, true, false, false, true, false]);
    const { brier, falseAlarms } = figuresOf(runs);
    expect(brier).toBeCloseTo((0.01 + 0.81) / 2, 6);
    expect(falseAlarms).toBe(1);
    expect(runs[0]?.placed).toBe(true);
    expect(runs.map(({ round }) => round)).toEqual([1, 1, 1, 2, 1, 2, 1]);
  });

  it('is refused with a reason where it is something else', () => {
    for (const text of ['', '{}', '[{"case": 1}]', '\u0000'])
      expect(() => read(text)).toThrow(/npm run field/);
    expect(() => readFieldResults(join(folder, 'none.json'))).toThrow(/ENOENT/);
  });
});
