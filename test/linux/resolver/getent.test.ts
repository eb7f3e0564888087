import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { CORPUS } from './corpus.js';

const DIST = fileURLToPath(new URL(`../../../${process.env.FAULTLINE_DIST ?? 'dist'}/`, import.meta.url));
const RUN = fileURLToPath(new URL('./corpus-run.mjs', import.meta.url));

/** Why there are no namespaces here, or undefined. Said aloud, so that a skip is seen. */
function whyNoNamespaces(): string | undefined {
  try {
    execFileSync('unshare', ['-mnu', 'getent', '--version'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    if (process.env.FAULTLINE_REQUIRE_DOCKER === '1') throw error;
    console.warn(`SKIPPED: no namespaces, or no glibc: ${(error as Error).message.split('\n')[0]}`);
    return 'no namespaces';
  }
}

interface Result {
  readonly id: string;
  /** Addresses, sorted. */
  readonly getent: readonly string[];
  readonly ours: { readonly addresses: readonly string[] };
}

describe.skipIf(whyNoNamespaces())('names as the C library of this host finds them', () => {
  const results = new Map<string, Result>();
  beforeAll(() => {
    const told = execFileSync('unshare', ['-mnu', process.execPath, RUN, DIST], {
      input: JSON.stringify(CORPUS),
      encoding: 'utf8',
      timeout: 55_000,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    for (const result of JSON.parse(told) as Result[]) results.set(result.id, result);
  });

  it('has a corpus in which getent finds some names, and others not', () => {
    expect(CORPUS.length).toBeGreaterThan(60);
    const found = [...results.values()].filter(({ getent }) => getent.length > 0).length;
    expect(found).toBeGreaterThan(50);
    expect(CORPUS.length - found).toBeGreaterThan(20);
  });

  it.each(CORPUS.map(({ id }) => id))('%s', (id) => {
    const { getent, ours } = results.get(id) ?? {};
    expect(ours?.addresses).toEqual(getent);
  });
});
