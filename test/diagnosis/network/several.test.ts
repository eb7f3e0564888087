import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import type { MatrixCell, ServiceSample } from '../../../source/probes/samples.js';
import { type Finding, modeOf } from '../../../source/store/finding.js';
import { event } from '../../helpers/container-world.js';
import { watch } from '../../helpers/history.js';
import { alike, networkRun, networkServices, ONSET, type Sick } from '../../helpers/network-world.js';
import { dns, ERROR_500, everyTarget, http, nameservers } from '../../helpers/samples.js';

const SECONDS = 50;
const TIMEOUT: Partial<MatrixCell> = { outcome: 'timeout', errno: 'ETIMEDOUT', ms: 1500 };
const DENIED = { outcome: 'NXDOMAIN', ms: 2 } as const;
const REFUSED = { outcome: 'refused', ms: 0.2 } as const;

/** What is firing after half a minute of this. */
const named = (sick: (s: number) => Sick): Finding[] =>
  (watch(SECONDS, networkRun(sick), allModes()).at(-1)?.findings ?? []).filter(
    ({ state }) => state === 'firing',
  );
const subjects = (findings: readonly Finding[], id: string): string[] =>
  findings
    .filter((one) => one.id === id && one.explainedBy === null)
    .map(({ subject }) => `${subject.kind} ${subject.id}`)
    .sort();

/** Slow wherever the store or the front is an end; what is asked of the resolver stays quick. */
const slow = (source: string, target: string): Partial<MatrixCell> | undefined =>
  ['store', 'front'].some((name) => [source, target].includes(name)) ? { ms: 201 } : undefined;

const twice: readonly (readonly [string, (s: number) => Sick, readonly string[]])[] = [
  [
    'partition',
    () => ({
      way: (source, target) =>
        ['shop-2→store', 'front→shop-1'].includes(`${source}→${target}`) ? TIMEOUT : undefined,
    }),
    ['workload shop-1', 'workload store'],
  ],
  ['latency', () => ({ way: slow }), ['workload front', 'workload store']],
  [
    'dns-failure',
    () => ({ lookup: () => alike({ outcome: 'SERVFAIL', ms: 1 }) }),
    ['workload shop-1', 'workload shop-2'],
  ],
  [
    'name-missing',
    (s) => ({
      lookup: () => alike(DENIED),
      ...(s % 2 === 0 ? { world: { dns: { ...dns(), ...alike(DENIED) } } } : {}),
    }),
    ['name cache.lab.internal', 'name postgres.lab.internal'],
  ],
  [
    'resolver-dead',
    (s) => ({
      lookup: () => alike(REFUSED),
      ...(s % 2 === 0 ? { world: { dns: nameservers(REFUSED, REFUSED) } } : {}),
    }),
    ['listener 127.0.0.1:53', 'listener 127.0.0.2:53', 'listener 172.20.0.53:53'],
  ],
];

it.each(twice)('%s at several places is as many findings', (id, sick, expected) => {
  expect(subjects(named(sick), id)).toEqual(expected);
});

it('two containers that were taken off their network are two findings', () => {
  const off = { container: { networks: [] } };
  const events = ['store', 'front'].map((name) => event(ONSET + 1, name, 'disconnect', 'network shop'));
  const found = named(() => ({
    world: { services: networkServices({ store: off, front: off }), events: { events, lost: 0 } },
  }));
  expect(subjects(found, 'partition')).toEqual(['workload front', 'workload store']);
});

describe('what fails elsewhere is not folded below it', () => {
  const FAR = 'http://127.0.0.1:7000/';
  const [near] = networkServices().services;
  const far = {
    ...near,
    name: 'far',
    ports: [{ protocol: 'tcp', port: 7000 }],
    container: { ...near?.container, networks: [{ name: 'elsewhere', address: '172.30.0.2' }] },
  } as ServiceSample;
  const services = { ...networkServices(), services: [...networkServices().services, far] };

  it.each(twice)('%s', (id, sick) => {
    const found = named((s) => {
      const now = sick(s);
      const pages = { ...everyTarget(), 'http:GET far': { ...http('GET far', ERROR_500, 500), url: FAR } };
      return { ...now, world: { services, ...now.world, ...(s % 2 === 0 ? pages : {}) } };
    });
    expect(subjects(found, id).length).toBeGreaterThan(0);
    const errors = found.filter((one) => one.id === 'http-errors');
    expect(errors.length).toBeGreaterThan(0);
    for (const { explainedBy } of errors) expect(explainedBy && modeOf(explainedBy)).toBeNull();
  });
});
