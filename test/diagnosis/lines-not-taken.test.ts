import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { parseResolvConf } from '../../source/linux/resolver/resolv-conf.js';
import type { DnsOutcome, DnsSample } from '../../source/probes/samples.js';
import { top, watch } from '../helpers/history.js';

/** A host whose resolv.conf is this text, and whose servers end every question so. */
function asked(resolv: string, outcome: DnsOutcome): DnsSample {
  const { nameservers, search, ndots, notTaken } = parseResolvConf(resolv);
  const names = nameservers.map((address) => ({
    ...{ name: 'app', resolver: `${address}:53`, patienceMs: 2000, resolved: false, totalMs: 0.2, late: [] },
    steps: [{ qname: 'app', qtype: 'A' as const, outcome, ms: 0.2, addresses: [] }],
  }));
  return { names, search, ndots, ...(notTaken ? { notTaken } : {}) };
}

const httpWithoutName = {
  ...{ target: 'GET app/', url: 'http://app/', ok: false, status: null, totalMs: 3, address: null },
  failure: { kind: 'no-name', phase: 'dns', text: 'app has no address' },
  phases: { dns: null, connect: null, tls: null, firstByte: null, transfer: null },
};

const found = (resolv: string, outcome: DnsOutcome) =>
  top(
    watch(
      10,
      (t) => (t % 2 === 1 ? { dns: asked(resolv, outcome), 'http:GET app/': httpWithoutName } : {}),
      allModes(),
    ).at(-1),
  );

describe('a line of resolv.conf that the C library does not take', () => {
  it.each([
    ['    nameserver 10.0.0.53\n', 1, 'it is indented'],
    ['\tnameserver 10.0.0.53\n', 1, 'it is indented'],
    ['# office\nnameserver 10.0.0.53\r\n', 2, 'carriage return'],
    ['nameserver 10.0.0.530\n', 1, '10.0.0.530 is no IP address'],
    ['nameserver dns.corp.example\n', 1, 'dns.corp.example is no IP address'],
    ['nameserver=10.0.0.53\n', 1, 'a space follows the keyword'],
    ['\uFEFFnameserver 10.0.0.53\n', 1, 'byte order mark'],
  ])('%j leaves 127.0.0.1, where nobody listens: the line is named', (resolv, line, because) => {
    const finding = found(resolv, 'refused');
    expect(finding).toMatchObject({ id: 'resolver-dead', state: 'firing' });
    expect(finding?.title).toContain(`line ${line} of /etc/resolv.conf`);
    expect(finding?.explanation.join('\n')).toContain(because);
    expect(finding?.fix[0]?.command).toBe(`sed -n ${line}l /etc/resolv.conf`);
  });

  it.each([
    ['nameserver 10.0.0.53\nsearch corp.example\r\n', 2],
    ['nameserver 10.0.0.53\ndomain corp.example\r\n', 2],
    ['nameserver 10.0.0.53\n  search corp.example\n', 2],
  ])('%j loses a suffix: the line is named where the name is missing', (resolv, line) => {
    const finding = found(resolv, 'NXDOMAIN');
    expect(finding).toMatchObject({ id: 'name-missing', state: 'firing' });
    expect(finding?.title).toContain(`line ${line} of /etc/resolv.conf`);
  });

  it('is not spoken of where another server was asked, or the resolver is the one that is meant', () => {
    for (const resolv of ['  nameserver 10.0.0.99\nnameserver 10.0.0.53\n', 'nameserver 127.0.0.1\n'])
      expect(found(resolv, 'refused')?.title).not.toContain('resolv.conf');
  });
});
