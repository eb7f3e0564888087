import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { DnsNameSample, DnsSample, DnsStep } from '../../source/probes/samples.js';
import { type Look, type World, watch } from '../helpers/history.js';
import { lookups } from '../helpers/inside.js';

const NAME = 'api.pay.example';
const SUFFIXES = ['team.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];

type Ending = Pick<DnsStep, 'outcome' | 'ms'>;
const denied = (ms: number): Ending => ({ outcome: 'NXDOMAIN', ms });
const LOST: Ending = { outcome: 'timeout', ms: 2000 };

const step = (qname: string, { outcome, ms }: Ending): DnsStep[] => [
  { qname, qtype: 'A', outcome, ms, addresses: outcome === 'NOERROR' ? ['10.0.0.9'] : [] },
  { qname, qtype: 'AAAA', outcome: outcome === 'NOERROR' ? 'NODATA' : outcome, ms, addresses: [] },
];

function asked(vain: readonly Ending[], ownMs = 3, over: Partial<DnsNameSample> = {}): DnsNameSample {
  const steps = [
    ...vain.flatMap((ending, i) => step(`${NAME}.${SUFFIXES[i]}`, ending)),
    ...step(NAME, { outcome: 'NOERROR', ms: ownMs }),
  ];
  return {
    ...{ name: NAME, resolver: '10.0.0.2:53', patienceMs: 2000, late: [], steps, resolved: true },
    totalMs: vain.reduce((sum, { ms }) => sum + ms, ownMs),
    ...over,
  };
}

const sample = (...names: readonly DnsNameSample[]): DnsSample => ({ search: SUFFIXES, ndots: 5, names });

/** What is said in 30 s in which the lookups go so, every 3 s. */
const see = (at: (run: number) => DnsNameSample, seconds = 30): readonly Look[] =>
  watch(seconds, (t): World => (t % 3 === 0 ? { dns: sample(at(t / 3)) } : {}), allModes());
const named = (looks: readonly Look[]) =>
  looks.flatMap(({ t, findings }) =>
    findings
      .filter(({ id, state }) => id === 'dns-search-path' && state === 'firing')
      .map((one) => ({ t, one })),
  );
const SLOW = [denied(1200), denied(1200), denied(1200)];

describe('a search list that costs seconds', () => {
  it('is named within 10 s, alone, at the name, with what it costs and what the name alone does', () => {
    const looks = see(() => asked(SLOW));
    const [first] = named(looks);
    expect(first?.t).toBeLessThanOrEqual(10);
    expect(first?.one).toMatchObject({
      severity: 'warning',
      subject: { kind: 'name', id: NAME },
      target: `this host → name ${NAME}`,
    });
    expect(first?.one.evidence[0]?.reading).toBe(3600);
    expect(first?.one.fix[0]?.text).toContain(`${NAME}.`);
    const others = looks.flatMap(({ findings }) => findings.filter(({ id }) => id !== 'dns-search-path'));
    expect(others.filter(({ state }) => state === 'firing')).toEqual([]);
  });

  it('is named where a suffix is never answered, and of a container, once for replicas', () => {
    expect(named(see(() => asked([LOST]))).length).toBeGreaterThan(0);
    const world = (t: number): World =>
      t % 5 === 0
        ? Object.fromEntries(
            ['shop-1', 'shop-2'].map((client) => [
              `dns:${client}`,
              lookups(client, { names: [asked(SLOW, 3, { resolver: '127.0.0.11:53' })] }),
            ]),
          )
        : {};
    const found = named(watch(30, world, allModes()));
    expect(new Set(found.map(({ one }) => one.target))).toEqual(
      new Set([`shop-1 and shop-2 → name ${NAME}`]),
    );
  });

  it('is a notice where it costs no second, and ends with the list', () => {
    const notice = named(see(() => asked([denied(90), denied(90), denied(90)])));
    expect(notice.at(-1)?.one.severity).toBe('notice');
    const looks = see((run) => asked(run < 4 ? SLOW : []), 60);
    expect(named(looks).some(({ t }) => t > 40)).toBe(false);
  });

  it.each<[string, (run: number) => DnsNameSample]>([
    ['the name itself is as slow', () => asked(SLOW, 1200)],
    ['denials are quick', () => asked([denied(2), denied(2), denied(2)])],
    [
      'only the first lookup was slow',
      (run) => asked(run === 0 ? [denied(700), denied(400)] : [denied(2), denied(2)]),
    ],
    ['whoever asks leaves the list out', () => asked(SLOW, 3, { learnt: true, unsearched: true })],
    [
      'nothing gives the name',
      () => ({ ...asked(SLOW), steps: asked(SLOW).steps.slice(0, 6), resolved: false }),
    ],
    [
      'packets get lost now and then',
      (run) => ({
        ...asked([LOST]),
        steps: asked([LOST]).steps.map((one, i) => (i === run % 2 ? { ...one, ...denied(3) } : one)),
      }),
    ],
  ])('is not named where %s', (_, at) => {
    expect(named(see(at))).toEqual([]);
  });
});
