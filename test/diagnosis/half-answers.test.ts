import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { DnsNameSample, DnsSample, DnsStep } from '../../source/probes/samples.js';
import { type Look, watch } from '../helpers/history.js';

const RESOLVER = '10.0.0.2:53';

type Ending = Partial<DnsStep>;
const GIVEN: Ending = { outcome: 'NOERROR', ms: 3, addresses: ['10.0.0.9'] };
const NONE: Ending = { outcome: 'NODATA', ms: 3 };
const LOST: Ending = { outcome: 'timeout', ms: 2000 };
const CUT: Ending = { outcome: 'refused', ms: 2, truncated: true };

const step = (qname: string, qtype: DnsStep['qtype'], ending: Ending): DnsStep => ({
  ...{ qname, qtype, outcome: 'NOERROR', ms: 3, addresses: [] },
  ...ending,
});

function name(called: string, a: Ending, aaaa: Ending, over: Partial<DnsNameSample> = {}): DnsNameSample {
  const steps = [step(called, 'A', a), step(called, 'AAAA', aaaa)];
  return {
    ...{ name: called, resolver: RESOLVER, patienceMs: 2000, late: [], steps },
    resolved: steps.some(({ addresses }) => addresses.length > 0),
    totalMs: Math.max(...steps.map(({ ms }) => ms)),
    ...over,
  };
}

const sample = (...names: readonly DnsNameSample[]): DnsSample => ({ search: [], ndots: 1, names });

/** What is said after 30 s in which the lookups go so, every 2 s. */
const said = (at: (run: number) => DnsSample): Look['findings'] =>
  watch(30, (t) => (t % 2 === 0 ? { dns: at(t / 2) } : {}), allModes()).at(-1)?.findings ?? [];

const titles = (at: (run: number) => DnsSample): string[] =>
  said(at)
    .filter(({ state }) => state === 'firing')
    .map(({ id, title }) => `${id}: ${title}`);

describe('a resolver that answers in part', () => {
  it.each([
    [
      'never says AAAA',
      sample(name('a.test', GIVEN, LOST), name('b.test', GIVEN, LOST)),
      ['dns-failure: AAAA queries to 10.0.0.2 are not answered; A are'],
    ],
    [
      'never says A',
      sample(name('a.test', LOST, NONE)),
      ['dns-failure: A queries to 10.0.0.2 are not answered; AAAA are'],
    ],
    [
      'has an answer that only TCP holds, which is refused',
      sample(name('big.test', CUT, NONE), name('a.test', GIVEN, NONE)),
      [
        'dns-failure: The answer of 10.0.0.2 for big.test does not fit into UDP, and its TCP port 53 is refused',
      ],
    ],
    [
      'has two such answers and no other name: it is alive all the same',
      sample(name('big.test', CUT, CUT)),
      [
        'dns-failure: The answer of 10.0.0.2 for big.test does not fit into UDP, and its TCP port 53 is refused',
      ],
    ],
    [
      'is silent for one of two names',
      sample(name('far.test', LOST, LOST), name('a.test', GIVEN, NONE)),
      ['dns-failure: 10.0.0.2 does not answer for far.test, while it answers for other names'],
    ],
    ['has no AAAA, and says so', sample(name('a.test', GIVEN, NONE)), []],
  ])('%s', (_, dns, expected) => {
    expect(titles(() => dns)).toEqual(expected);
  });

  it('is not one that loses now this half and now that', () => {
    const lossy = [
      [GIVEN, LOST],
      [LOST, GIVEN],
      [GIVEN, GIVEN],
    ] as const;
    const dns = (run: number): DnsSample => {
      const [a, aaaa] = lossy[run % lossy.length] ?? lossy[0];
      return sample(name('a.test', a, { ...aaaa, ...(aaaa === GIVEN ? { addresses: ['::1'] } : {}) }));
    };
    expect(titles(dns).filter((title) => title.startsWith('dns-failure'))).toEqual([]);
  });

  it('is not one whose other half comes late: that is a queue', () => {
    const late = [{ qname: 'a.test', qtype: 'AAAA', outcome: 'NODATA', ms: 3100 }] as const;
    const dns = sample(name('a.test', GIVEN, LOST, { late }));
    expect(titles(() => dns).filter((title) => title.startsWith('dns-failure'))).toEqual([]);
  });

  it('is well again once both are answered', () => {
    const dns = (run: number): DnsSample => sample(name('a.test', GIVEN, run < 9 ? LOST : NONE));
    expect(titles(dns)).toEqual([]);
  });

  it('says nothing of a name that does not exist where only one family was answered', () => {
    const dns = (run: number): DnsSample => sample(name('a.test', run < 3 ? GIVEN : LOST, NONE));
    expect(said(dns).map(({ id }) => id)).not.toContain('name-missing');
  });
});

describe('a resolver that is silent to everybody', () => {
  const silent = (ms: number, asked = 6): DnsSample => ({
    ...sample(name('a.test', LOST, LOST, { learnt: true })),
    unheard: [{ server: '10.0.0.2', asked, ms }],
  });
  const firstNamed = (at: (t: number) => DnsSample): number | undefined =>
    watch(30, (t) => (t % 2 === 0 ? { dns: at(t) } : {}), allModes()).find(({ findings }) =>
      findings.some(({ id, state }) => id === 'resolver-dead' && state === 'firing'),
    )?.t;

  it('is named from what others are not told, as soon as they wait for long', () => {
    expect(firstNamed((t) => silent(4000 + 1000 * t))).toBeLessThanOrEqual(5);
  });

  it('is waited for where nobody else asks', () => {
    expect(firstNamed((t) => silent(4000 + 1000 * t, 1))).toBeGreaterThan(15);
  });
});
