import { duration } from '../../terminal/format.js';
import { table } from '../text/table.js';
import type { RunResult } from './events.js';

/** All runs as a table, one row each. */
export function summaryText(results: readonly RunResult[]): string {
  const rows = results.map((result) => [
    result.scenario,
    result.result,
    result.detectedMs === null ? '-' : duration(result.detectedMs),
    result.rank === null ? '-' : String(result.rank),
    result.mttrMs === null ? '-' : duration(result.mttrMs),
    `${result.checks.filter((check) => check.state === 'passed').length}/${result.checks.length}`,
    String(result.residue.length),
    result.reason ?? '',
  ]);
  const passed = results.filter((result) => result.result === 'passed').length;
  return [
    table([['SCENARIO', 'RESULT', 'NAMED IN', 'RANK', 'MTTR', 'CHECKS', 'RESIDUE', ''], ...rows]),
    '',
    `${passed} of ${results.length} passed`,
  ].join('\n');
}

/** The line that ends `run all --json`, after each scenario's own result line. */
export function summaryJson(results: readonly RunResult[]): object {
  const of = (verdict: RunResult['result']): string[] =>
    results.filter((result) => result.result === verdict).map((result) => result.scenario);
  return {
    result: of('failed').length === 0 ? 'passed' : 'failed',
    scenario: 'all',
    passed: of('passed'),
    failed: of('failed'),
  };
}
