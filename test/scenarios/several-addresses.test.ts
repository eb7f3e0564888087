import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { HttpFailure } from '../../source/probes/samples.js';
import { type Finding, modeOf } from '../../source/store/finding.js';
import { watch } from '../helpers/history.js';
import { ERROR_500, HANG, http, REFUSED } from '../helpers/samples.js';

const one = (port: number, failure?: HttpFailure, status: number | null = null) => ({
  [`http:GET ${port}`]: {
    ...http(`GET ${port}`, failure, status),
    url: `http://127.0.0.1:${port}/`,
  },
});

/** What is named after 30 s of targets that answer like this, one address each. */
function named(...failures: readonly (HttpFailure | undefined)[]): Finding[] {
  const world = Object.assign(
    {},
    ...failures.map((failure, i) => one(6001 + i, failure, failure === ERROR_500 ? 500 : null)),
  );
  const looks = watch(30, (t) => (t % 2 === 0 ? world : {}), allModes());
  return (looks.at(-1)?.findings ?? []).filter((finding) => finding.state === 'firing');
}

const shape = (findings: readonly Finding[]): string[] =>
  findings.map((finding) => `${finding.id}${finding.explainedBy ? `<${modeOf(finding.explainedBy)}` : ''}`);

describe('several addresses, each with its own trouble', () => {
  it('two that refuse are one finding that names both, with a fix for each', () => {
    const findings = named(REFUSED, REFUSED);
    expect(shape(findings)).toEqual([
      'service-stopped',
      'http-errors<service-stopped',
      'http-errors<service-stopped',
    ]);
    expect(findings[0]?.title).toMatch(/6001 and 1 more/);
    expect(findings[0]?.story.join()).toMatch(/so does 127.0.0.1:6002/);
    expect(findings[0]?.fix.filter((fix) => fix.when === 'now')).toHaveLength(2);
  });

  it('two that stay silent are one finding that names both', () => {
    const findings = named(HANG, HANG);
    expect(shape(findings)).toEqual(['service-hung', 'http-errors<service-hung', 'http-errors<service-hung']);
    expect(findings[0]?.story.join()).toMatch(/in the same way: 127.0.0.1:6002/);
  });

  it('one that refuses does not explain one that hangs, nor one that answers with errors', () => {
    expect(shape(named(REFUSED, HANG))).toEqual([
      'service-stopped',
      'http-errors<service-stopped',
      'service-hung',
      'http-errors<service-hung',
    ]);
    expect(shape(named(REFUSED, ERROR_500))).toEqual([
      'service-stopped',
      'http-errors<service-stopped',
      'http-errors',
    ]);
    expect(shape(named(HANG, ERROR_500, undefined))).toEqual([
      'service-hung',
      'http-errors<service-hung',
      'http-errors',
    ]);
  });
});
