import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createInsideDnsProbe } from '../../../source/probes/lookups/lookups-probe.js';
import type { Probe } from '../../../source/probes/probe.js';
import type { InsideDnsSample } from '../../../source/probes/samples.js';
import { openPlace, type Place, whyNoPlaces } from '../../linux/namespace/places.js';
import { runProbe } from '../run-probe.js';

/** Puts files of its own over /etc/resolv.conf and /etc/hosts. */
const withFiles = (conf: string, hosts: string): string =>
  [
    'mount -t tmpfs none /mnt',
    `printf '${conf}' > /mnt/conf`,
    `printf '${hosts}' > /mnt/hosts`,
    'mount --bind /mnt/conf /etc/resolv.conf',
    'mount --bind /mnt/hosts /etc/hosts',
  ].join(' && ');

describe.skipIf(whyNoPlaces())('DNS resolution from inside', () => {
  const places: Place[] = [];
  const probes: Probe<InsideDnsSample>[] = [];
  let first: Place;
  let second: Place;
  let mute: Place;

  beforeAll(async () => {
    const conf = (server: string): string => `nameserver ${server}\\nsearch a.lab b.lab\\noptions ndots:2\\n`;
    const zone = (address: string): Record<string, string> => ({ 'db.b.lab': address, 'big.a.lab': address });
    const dns = (address: string, answer: string) => ({
      dns: { address, zone: zone(answer), big: ['big.a.lab'] },
    });
    const opened = await Promise.all([
      openPlace(
        dns('127.0.0.53', '192.0.2.1'),
        withFiles(conf('127.0.0.53'), '192.0.2.9 known known.lab\\n'),
      ),
      openPlace(dns('::1', '192.0.2.2'), withFiles(conf('::1'), '')),
      openPlace({}, withFiles(conf('127.0.0.53'), '')),
    ]);
    places.push(...opened);
    [first, second, mute] = opened as [Place, Place, Place];
  });
  afterAll(async () => {
    for (const probe of probes) probe.close?.();
    await Promise.all(places.map((place) => place.close()));
  });

  const probeOf = (place: Place, ...names: string[]): Probe<InsideDnsSample> => {
    const probe = createInsideDnsProbe({
      name: 'place',
      source: () => ({ name: 'place', pid: place.pid }),
      names: () => names,
      patienceMs: 400,
    });
    probes.push(probe);
    return probe;
  };

  it('asks the resolver that only the inside can reach, step by step as its resolv.conf says', async () => {
    const sample = await runProbe(probeOf(first, 'db'));
    expect(sample).toMatchObject({ search: ['a.lab', 'b.lab'], ndots: 2, libc: 'glibc', missing: [] });
    expect(sample.means.by).toBe('setns');
    const [lookup] = sample.names;
    expect(lookup).toMatchObject({ resolver: '127.0.0.53:53', resolved: true });
    expect(lookup?.steps.map(({ qname, qtype, outcome }) => [qname, qtype, outcome])).toEqual([
      ['db.a.lab', 'A', 'NXDOMAIN'],
      ['db.a.lab', 'AAAA', 'NXDOMAIN'],
      ['db.b.lab', 'A', 'NOERROR'],
      ['db.b.lab', 'AAAA', 'NODATA'],
    ]);
  });

  it('gives each its own answer, over IPv6 too', async () => {
    const answers = async (place: Place): Promise<unknown> => {
      const { names } = await runProbe(probeOf(place, 'db'));
      return names[0]?.steps.flatMap(({ addresses }) => addresses);
    };
    expect(await answers(first)).toEqual(['192.0.2.1']);
    expect(await answers(second)).toEqual(['192.0.2.2']);
  });

  it('asks again over TCP, from inside, when the answer came cut off', async () => {
    const { names } = await runProbe(probeOf(first, 'big'));
    expect(names[0]).toMatchObject({ resolved: true });
    expect(names[0]?.steps[0]).toMatchObject({ qname: 'big.a.lab', qtype: 'A', addresses: ['192.0.2.1'] });
  });

  it('asks nobody for a name that its hosts file knows', async () => {
    const { names, fromHosts } = await runProbe(probeOf(first, 'known'));
    expect(names).toEqual([]);
    expect(fromHosts).toEqual([{ name: 'known', addresses: ['192.0.2.9'] }]);
  });

  it('tells that nobody listens inside, where somebody may listen outside', async () => {
    const { names } = await runProbe(probeOf(mute, 'db'));
    expect(names[0]?.steps.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
  });

  it('is unavailable once the process has gone, and leaves no descriptor', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const brief = await openPlace({}, withFiles('nameserver 127.0.0.1\\n', ''));
    const probe = probeOf(brief, 'db');
    await runProbe(probe);
    await brief.close();
    await expect(runProbe(probe)).rejects.toMatchObject({ kind: 'not-configured' });
    probe.close?.();
    await vi.waitFor(() => expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before));
  });
});
