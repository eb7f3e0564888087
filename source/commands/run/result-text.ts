import { verifyText } from '../../actions/verify.js';
import { duration } from '../../terminal/format.js';
import type { RunResult } from './events.js';

/** "PASSED  traffic-spike  named in 8.1 s, rank 1, down for 24.3 s, 4 of 4 checks passed, nothing left behind". */
export function resultText(result: RunResult): string {
  const parts = [
    ...(result.detectedMs === null
      ? [`not named (on top: ${result.named ?? 'nothing'})`]
      : [`named in ${duration(result.detectedMs)}, rank ${result.rank}`]),
    ...(result.mttrMs === null ? [] : [`down for ${duration(result.mttrMs)}`]),
    ...(result.checks.length === 0 ? [] : [verifyText(result.checks)]),
    result.residue.length === 0 ? 'nothing left behind' : `left behind: ${result.residue.join('; ')}`,
  ];
  const why = result.reason === null ? '' : `: ${result.reason}`;
  return `${result.result.toUpperCase()}  ${result.scenario}${why}  (${parts.join(', ')})`;
}
