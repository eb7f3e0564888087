import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { HttpFailure } from '../../source/probes/samples.js';
import { type Finding, modeOf } from '../../source/store/finding.js';
import { watch } from '../helpers/history.js';
import {
  containerFacts,
  ERROR_500,
  everyTarget,
  FROZEN,
  HANG,
  http,
  REFUSED,
  services,
} from '../helpers/samples.js';

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
  it('two that refuse are two findings, each with its own fix', () => {
    const findings = named(REFUSED, REFUSED);
    expect(shape(findings)).toEqual([
      'service-stopped',
      'http-errors<service-stopped',
      'service-stopped',
      'http-errors<service-stopped',
    ]);
    const stopped = findings.filter((one) => one.id === 'service-stopped');
    expect(stopped.map((one) => one.title)).toEqual([
      'Nothing listens at 127.0.0.1:6001',
      'Nothing listens at 127.0.0.1:6002',
    ]);
    for (const [i, { explanation, fix }] of stopped.entries()) {
      expect(explanation.join()).toContain(`127.0.0.1:${6001 + i} refuses every connection`);
      expect(fix.filter((one) => one.when === 'now')).toHaveLength(1);
    }
  });

  it('two that stay silent are two findings', () => {
    const findings = named(HANG, HANG);
    expect(shape(findings)).toEqual([
      'service-hung',
      'http-errors<service-hung',
      'service-hung',
      'http-errors<service-hung',
    ]);
    expect(findings.filter((one) => one.id === 'service-hung').map((one) => one.subject.id)).toEqual([
      '127.0.0.1:6001',
      '127.0.0.1:6002',
    ]);
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

describe('a frozen process and who waits for it', () => {
  /** The store is frozen, which is probed itself; the shop stays silent as well. */
  const frozen = (network: string) => {
    const on = (name: string) => ({
      container: containerFacts({ networks: [{ name, address: null }] }),
    });
    const world = {
      ...everyTarget(HANG),
      ...one(5432, HANG),
      services: services({ shop: on('shop'), store: { ...FROZEN, ...on(network) } }),
    };
    const looks = watch(30, (t) => (t % 2 === 0 ? world : {}), allModes());
    return looks.at(-1)?.findings.filter((finding) => finding.state === 'firing') ?? [];
  };
  const hung = (findings: readonly Finding[]) =>
    findings.filter((finding) => finding.id === 'service-hung').map(({ title }) => title);

  it('are one cause: who waits is told below it, and its errors are folded', () => {
    const findings = frozen('shop');
    expect(hung(findings)).toEqual(['store is frozen: its process is stopped by a signal']);
    expect(findings[0]?.explanation.join()).toMatch(/silent as they wait for it: 127.0.0.1:5000/);
    expect(shape(findings)).toEqual(['service-hung', 'http-errors<service-hung', 'http-errors<service-hung']);
  });

  it('are two where they share no network', () => {
    expect(hung(frozen('other'))).toEqual([
      'store is frozen: its process is stopped by a signal',
      'shop takes connections and does not answer',
    ]);
  });
});
