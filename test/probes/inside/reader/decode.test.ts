import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeFiles } from '../../../../source/probes/inside/reader/decode.js';
import { READ_WITH_SHELL, splitFiles } from '../../../../source/probes/inside/reader/files.js';

const OUTPUT = `==> /proc/net/snmp <==
Tcp: RtoAlgorithm ActiveOpens OutSegs
Tcp: 1 7 42
==> /proc/net/tcp <==
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1538 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 020014AC:9C40 050014AC:1538 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
==> /proc/sys/net/netfilter/nf_conntrack_count <==
5
==> /proc/sys/net/netfilter/nf_conntrack_max <==
100
==> /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait <==
120
==> /sys/class/net/eth0/mtu <==
1400
==> /sys/class/net/eth0/operstate <==
up
==> /etc/resolv.conf <==
nameserver 127.0.0.11
==> nameserver of no file <==
options ndots:0
`;

describe('what a program in a network prints', () => {
  it('is that network', () => {
    const read = decodeFiles(splitFiles(OUTPUT));
    expect(read.sockets).toMatchObject({ total: { LISTEN: 1, ESTAB: 1 } });
    expect(read.sockets?.listeners[0]).toMatchObject({ port: 5432, queued: 2 });
    expect(read.kernel?.counters).toMatchObject({ 'Tcp.OutSegs': 42, 'Tcp.RetransSegs': null });
    expect(read.conntrack).toMatchObject({ count: 5, fill: 0.05, timeouts: { tcp_timeout_time_wait: 120 } });
    expect(read.interfaces).toEqual([{ name: 'eth0', mtu: 1400, up: true, running: true, loopback: false }]);
    expect(read.resolver).toMatchObject({ nameservers: ['127.0.0.11'], ndots: 0 });
    expect(read.missing).toEqual(expect.arrayContaining([expect.stringContaining('routes')]));
  });

  it('is nothing at all when it printed nothing', () => {
    const read = decodeFiles(splitFiles(''));
    expect([read.sockets, read.kernel, read.conntrack, read.resolver]).toEqual([null, null, null, null]);
    expect(read.missing).toHaveLength(7);
  });

  it.skipIf(!existsSync('/proc/net/tcp'))('is printed by any shell', () => {
    const [shell = '', ...words] = READ_WITH_SHELL;
    const files = splitFiles(execFileSync(shell, words, { encoding: 'latin1' }));
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['/proc/net/snmp', '/proc/net/tcp', '/sys/class/net/lo/mtu']),
    );
    const { kernel, sockets } = decodeFiles(files);
    expect(kernel?.counters['Tcp.OutSegs']).toBeGreaterThanOrEqual(0);
    expect(sockets).not.toBeNull();
  });
});
