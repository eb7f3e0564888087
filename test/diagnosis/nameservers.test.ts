import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { DnsSample } from '../../source/probes/samples.js';
import { type Look, watch } from '../helpers/history.js';
import { everyTarget, HANG, nameservers, postgres, sockets } from '../helpers/samples.js';

const WELL = { outcome: 'NOERROR', ms: 20 } as const;
const SILENT = { outcome: 'timeout', ms: 2000 } as const;
const REFUSED = { outcome: 'refused', ms: 0.2 } as const;
const DENIED = { outcome: 'NXDOMAIN', ms: 20 } as const;

/** What is named at the end of 40 s in which the lookups go like this, every 2 s, from the 10th second on. */
function named(sick: DnsSample, targets = everyTarget()): string[] {
  const looks: readonly Look[] = watch(
    40,
    (t) =>
      t % 2 === 0
        ? {
            ...(t > 10 ? targets : everyTarget()),
            dns: t > 10 ? sick : nameservers(WELL, WELL),
            postgres: postgres(),
          }
        : {},
    allModes(),
  );
  return (looks.at(-1)?.findings ?? [])
    .filter((one) => one.state === 'firing')
    .map((one) => `${one.id} ${one.severity}`);
}

describe('several nameservers for one name', () => {
  it.each([
    ['the second refuses', nameservers(WELL, REFUSED), ['resolver-dead notice']],
    ['the first refuses', nameservers(REFUSED, WELL), ['resolver-dead notice']],
    ['the second is silent', nameservers(WELL, SILENT), ['resolver-dead notice']],
    ['the first is silent', nameservers(SILENT, WELL), ['resolver-dead warning']],
    ['both refuse', nameservers(REFUSED, REFUSED), ['resolver-dead critical', 'resolver-dead critical']],
    ['one of each kind', nameservers(REFUSED, SILENT), ['resolver-dead critical', 'resolver-dead critical']],
    ['all are well', nameservers(WELL, WELL), []],
    // The first answer counts, a denial too: nobody asks the next (resolv.conf(5)).
    ['the first denies the name', nameservers(DENIED, WELL), ['name-missing warning']],
    ['the second denies the name', nameservers(WELL, DENIED), []],
  ])('%s', (_, sick, expected) => {
    expect(named(sick)).toEqual(expected);
  });

  it('a first one that keeps silent is named soon where lookups are seen to wait, whatever else comes in', () => {
    const since = (askers: number): number =>
      watch(
        40,
        (t) => (t % 2 === 0 ? { dns: nameservers(SILENT, WELL), sockets: sockets({ askers }) } : {}),
        allModes(),
      ).find(({ findings }) => findings.some(({ id, state }) => id === 'resolver-dead' && state === 'firing'))
        ?.t ?? 99;
    expect(since(5)).toBeLessThanOrEqual(10);
    expect(since(0)).toBeGreaterThan(10);
  });

  it('a dead spare that nobody waits for does not excuse a service that hangs', () => {
    for (const sick of [nameservers(REFUSED, WELL), nameservers(WELL, SILENT)])
      expect(named(sick, everyTarget(HANG))).toEqual([
        'service-hung critical',
        'http-errors warning',
        'resolver-dead notice',
      ]);
  });
});
