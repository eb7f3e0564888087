import { describe, expect, it } from 'vitest';
import { allModes } from '../../../scenarios/index.js';
import { failingForNames, loggedOfNames } from '../../../source/diagnosis/facts/failing-askers.js';
import type { HttpFailure } from '../../../source/probes/samples.js';
import { containerServices } from '../../helpers/container-world.js';
import { play, type World, watch } from '../../helpers/history.js';
import { lookups } from '../../helpers/inside.js';
import { dns, ERROR_500, HANG, http, logs, NAME, REFUSED, sockets } from '../../helpers/samples.js';

const NO_NAME: HttpFailure = { kind: 'no-name', phase: 'dns', text: 'no such name' };
const target = (url: string, failure: HttpFailure, status: number | null = null): World => ({
  'http:web': { ...http('web', failure, status), url },
});
const HERE = 'http://127.0.0.1:5000/';
const named = (world: World, clients: readonly (string | null)[], name?: string): number =>
  failingForNames(
    play(2, () => world),
    clients,
    name,
  ).length;

describe('a target that fails says something of lookups', () => {
  it('where its server answers badly or not at all', () => {
    expect(named(target(HERE, ERROR_500, 500), [null])).toBe(1);
    expect(named(target(HERE, HANG), [null])).toBe(1);
  });
  it('not where it is refused, out of reach, or turned away by TLS', () => {
    expect(named(target(HERE, REFUSED), [null])).toBe(0);
    expect(named(target(HERE, { ...REFUSED, kind: 'unreachable' }), [null])).toBe(0);
    expect(named(target(HERE, { ...REFUSED, kind: 'timeout' }), [null])).toBe(0);
    expect(named(target(HERE, { kind: 'tls', phase: 'tls', text: 'expired' }), [null])).toBe(0);
  });
  it('of this host not where it is served elsewhere', () => {
    expect(named(target('http://203.0.113.9/', ERROR_500, 500), [null])).toBe(0);
  });
  it('of this host not where its container asks by itself', () => {
    const world = { services: containerServices(), ...target(HERE, ERROR_500, 500) };
    expect(named(world, [null])).toBe(1);
    expect(named({ ...world, 'dns:front': lookups('front', dns()) }, [null])).toBe(0);
    expect(named({ ...world, 'dns:front': lookups('front', dns()) }, ['front'])).toBe(1);
  });
  it('of its own name where that is the one', () => {
    const world = target('http://shop.example/', NO_NAME);
    expect(named(world, [null])).toBe(1);
    expect(named(world, ['front'])).toBe(0);
    expect(named(world, [null], 'shop.example')).toBe(1);
    expect(named(world, [null], 'shop.example.')).toBe(1);
    expect(named(world, [null], 'shop.example.lab.internal')).toBe(1);
    expect(named(world, [null], NAME)).toBe(0);
  });
});

describe('what is not linked with lookups is no symptom of theirs', () => {
  const rows = (world: (t: number) => World, id: string): string =>
    watch(40, (t) => ({ sockets: sockets(), ...world(t) }), allModes())
      .flatMap(({ findings }) => findings.filter((one) => one.id === id && one.state === 'firing'))
      .flatMap(({ evidence, target: who, severity }) => [
        severity,
        who,
        ...evidence.map(({ signal }) => signal),
      ])
      .join(' ');
  const dead = { dns: dns({ outcome: 'timeout', ms: 2000 }) };
  const denied = { dns: dns({ outcome: 'NXDOMAIN', ms: 3 }) };
  const given = { dns: dns() };

  it('a dead resolver beside a target that is refused', () => {
    const beside = (failure: HttpFailure, status: number | null = null) =>
      rows((t) => ({ ...(t > 10 ? dead : given), ...target(HERE, failure, status) }), 'resolver-dead');
    expect(beside(REFUSED)).toContain('dns.ok');
    expect(beside(REFUSED)).not.toContain('http.success');
    expect(beside(ERROR_500, 500)).toContain('http.success');
  });
  it('a missing name beside another target whose own name is missing', () => {
    const beside = (url: string, failure: HttpFailure, status: number | null = null) =>
      rows((t) => ({ ...(t > 10 ? denied : given), ...target(url, failure, status) }), 'name-missing');
    expect(beside('http://other.example/', NO_NAME)).not.toContain('http.success');
    expect(beside('http://other.example/', NO_NAME)).not.toContain('critical');
    expect(beside(`http://${NAME}/`, NO_NAME)).toContain('http.success');
    expect(beside(HERE, ERROR_500, 500)).toContain('critical');
  });
});

describe('a line of a log speaks of the lookups', () => {
  const lines = (service: string): World => {
    const [match] = logs('name-resolution-missing', 'cannot resolve elsewhere.example').matches;
    return { logs: { matches: match ? [{ ...match, service }] : [] } };
  };
  const said = (world: World, clients: readonly (string | null)[]): number =>
    loggedOfNames(
      play(2, () => world),
      clients,
      'name-resolution-missing',
    ).length;

  it('of its own container, and of this host only where that does not ask by itself', () => {
    expect(said(lines('front'), ['front'])).toBe(1);
    expect(said(lines('front'), ['store'])).toBe(0);
    expect(said(lines('front'), [null])).toBe(1);
    expect(said({ ...lines('front'), 'dns:front': lookups('front', dns()) }, [null])).toBe(0);
  });
});
